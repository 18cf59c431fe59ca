import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { BilledTime } from './billed-time.ts';
import type { BillingSettings } from './billing-settings.ts';
import type { BillingTables } from './billing-table.ts';
import { assertDraftInvoice } from './invoice.ts';
import type { InvoiceRow, InvoiceStore } from './invoice-store.ts';
import { lineNetMinor } from './invoice-totals.ts';
import { productIdSchema } from './product.ts';

const invoiceIdSchema = idSchema('invoice');

export const addInvoiceLineInput = z.object({
  invoiceId: invoiceIdSchema,
  version: z.int(),
  productId: productIdSchema,
  /** What the line says instead of the product's name. */
  description: text({ max: 200 }).optional(),
  quantity: z
    .string()
    .regex(/^\d{1,7}(\.\d{1,3})?$/, { error: 'must be a number with at most three decimals, such as 1.5' }),
  /** Instead of the catalogue's price. */
  unitPriceMinor: z.int().min(0).max(100_000_000_000).optional(),
});
export const removeInvoiceLineInput = z.object({
  invoiceId: invoiceIdSchema,
  version: z.int(),
  lineId: idSchema('invoice-line'),
});
export const discardDraftInput = z.object({ invoiceId: invoiceIdSchema, version: z.int() });

interface Deps {
  readonly db: ScopedDb;
  readonly store: InvoiceStore;
  readonly settings: BillingSettings;
  readonly time: BilledTime;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
}

type Tx = ScopedTransaction<BillingTables>;

/** After the lines that are made from an agreement, which are remade with each draft. */
const FIRST_MANUAL_PLACE = 1000;

/** Changes a draft by hand. All throw `billing.invoice-not-found`, `billing.not-draft`, and `billing.invoice-changed` on a stale version. */
export class EditDraft {
  readonly #db: ScopedDb<BillingTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<BillingTables>();
    this.#deps = deps;
  }

  /** Adds a product. Throws `billing.product-not-found`, `billing.other-currency`. */
  async addLine(scope: TenantScope, input: z.output<typeof addInvoiceLineInput>): Promise<{ version: number }> {
    const { store } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const invoice = await this.#draft(tx, input);
      const product = await tx.query
        .selectFrom('product')
        .selectAll()
        .where('id', '=', input.productId)
        .where('is_active', '=', true)
        .executeTakeFirst();
      if (product === undefined) throw new NotFoundError('billing.product-not-found', 'There is no such product.');
      if (product.currency !== invoice.currency && input.unitPriceMinor === undefined)
        throw new InvalidInputError(
          'billing.other-currency',
          `The product is priced in ${product.currency}, the invoice is in ${invoice.currency}. Give a price in ${invoice.currency}.`,
          { fields: [{ path: ['unitPriceMinor'], message: `must be given in ${invoice.currency}` }] },
        );
      const { isTaxExempt } = await this.#deps.settings.ofClient(scope, invoice.client_id, tx);
      const lines = await store.lines(tx, invoice.id);
      const priced = {
        quantity: new Decimal(input.quantity),
        priceBase: 1,
        unitPriceMinor: input.unitPriceMinor ?? product.price_minor,
      };
      await store.insertLine(
        tx,
        {
          msp_id: scope.mspId,
          id: newId<'invoice-line'>(),
          client_id: invoice.client_id,
          invoice_id: invoice.id,
          place: Math.max(FIRST_MANUAL_PLACE, (lines.at(-1)?.place ?? 0) + 1),
          kind: 'manual',
          description: input.description ?? product.name,
          product_code: product.code,
          agreement_line_id: null,
          quantity: priced.quantity,
          unit: product.unit,
          price_base: 1,
          unit_price_minor: priced.unitPriceMinor,
          net_minor: lineNetMinor(priced),
          tax_rate: isTaxExempt ? new Decimal(0) : product.tax_rate,
          reason: `Added by ${scope.actor.label}`,
        },
        [],
      );
      return this.#changed(tx, invoice, `Added ${product.name} to a draft invoice`);
    });
  }

  /** Removes a line that a person added. Throws `billing.line-not-found`, `billing.line-from-agreement`. */
  async removeLine(scope: TenantScope, input: z.output<typeof removeInvoiceLineInput>): Promise<{ version: number }> {
    const { store } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const invoice = await this.#draft(tx, input);
      const line = (await store.lines(tx, invoice.id)).find((one) => one.id === input.lineId);
      if (line === undefined) throw new NotFoundError('billing.line-not-found', 'The invoice has no such line.');
      if (line.kind !== 'manual')
        throw new ConflictError(
          'billing.line-from-agreement',
          'This line comes from the agreement. Change what it counts, then draft again.',
        );
      await store.deleteLine(tx, line.id);
      return this.#changed(tx, invoice, `Removed ${line.description} from a draft invoice`);
    });
  }

  /** Deletes a draft: its periods and its time can be billed again. */
  async discard(scope: TenantScope, input: z.output<typeof discardDraftInput>): Promise<{ invoiceId: string }> {
    return this.#db.transaction(scope, async (tx) => {
      const invoice = await this.#draft(tx, input);
      await this.#deps.time.release(tx, invoice.id);
      await this.#deps.store.deleteDraft(tx, invoice.id);
      await this.#record(tx, invoice, 'Discarded a draft invoice');
      return { invoiceId: invoice.id };
    });
  }

  async #draft(tx: Tx, input: { invoiceId: InvoiceRow['id']; version: number }): Promise<InvoiceRow> {
    const invoice = await this.#deps.store.forChange(tx, input.invoiceId);
    assertDraftInvoice(invoice.state);
    if (invoice.version !== input.version)
      throw new ConflictError(
        'billing.invoice-changed',
        'Somebody else changed this invoice meanwhile. Look at it again, then repeat your change.',
      );
    return invoice;
  }

  async #changed(tx: Tx, invoice: InvoiceRow, summary: string): Promise<{ version: number }> {
    const totals = await this.#deps.store.storeTotals(tx, invoice);
    await this.#deps.store.update(tx, invoice.id, invoice.version, totals);
    await this.#record(tx, invoice, summary);
    return { version: invoice.version + 1 };
  }

  async #record(tx: Tx, invoice: InvoiceRow, summary: string): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'billing.edit-draft',
      subject: { kind: 'invoice', id: invoice.id, clientId: invoice.client_id },
      summary,
    });
    this.#deps.live.touch(tx, {
      clientId: invoice.client_id,
      topic: 'invoice',
      id: invoice.id,
      version: invoice.version + 1,
    });
  }
}
