import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { dateSchema, text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { MspQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { BilledTime } from './billed-time.ts';
import type { BillingSettings } from './billing-settings.ts';
import type { BillingTables, InvoiceId } from './billing-table.ts';
import { assertInvoiceState, CREDIT_REASONS, invoiceNumber } from './invoice.ts';
import type { InvoiceRow, InvoiceStore } from './invoice-store.ts';

const named = { invoiceId: idSchema('invoice'), version: z.int() };
export const recordPaymentInput = z.object({
  ...named,
  paidOn: dateSchema,
  reference: text({ min: 0, max: 100 }).default(''),
});
export const voidInvoiceInput = z.object({ ...named, reason: text({ max: 300 }) });
export const creditInvoiceInput = z.object({ ...named, reason: z.enum(CREDIT_REASONS), note: text({ max: 300 }) });

interface Deps {
  readonly db: ScopedDb;
  readonly store: InvoiceStore;
  readonly settings: BillingSettings;
  readonly time: BilledTime;
  readonly msp: MspQueries;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<BillingTables>;

/** Ends an invoice: paid, void, or credited. All throw `billing.invoice-not-found`, `billing.state-not-reachable`, `billing.invoice-changed`. */
export class SettleInvoice {
  readonly #db: ScopedDb<BillingTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<BillingTables>();
    this.#deps = deps;
  }

  /** Records that the whole amount was paid. */
  async pay(scope: TenantScope, input: z.output<typeof recordPaymentInput>): Promise<{ version: number }> {
    return this.#db.transaction(scope, async (tx) => {
      const invoice = await this.#deps.store.forChange(tx, input.invoiceId);
      assertInvoiceState(invoice.state, 'paid');
      await this.#deps.store.update(tx, invoice.id, input.version, {
        state: 'paid',
        paid_on: Temporal.PlainDate.from(input.paidOn),
        payment_reference: input.reference,
      });
      return this.#done(tx, invoice, 'billing.record-payment', `Recorded the payment of ${invoice.number ?? ''}`);
    });
  }

  /** Takes back an invoice that the client does not have yet. Its number stays used; its periods and its time can be billed again. */
  async void(scope: TenantScope, input: z.output<typeof voidInvoiceInput>): Promise<{ version: number }> {
    return this.#db.transaction(scope, async (tx) => {
      const invoice = await this.#deps.store.forChange(tx, input.invoiceId);
      assertInvoiceState(invoice.state, 'void');
      await this.#deps.store.update(tx, invoice.id, input.version, {
        state: 'void',
        is_claiming: false,
        void_reason: input.reason,
      });
      await this.#release(tx, invoice.id);
      return this.#done(tx, invoice, 'billing.void-invoice', `Voided ${invoice.number ?? ''}: ${input.reason}`);
    });
  }

  /** Issues a credit note over the whole of a sent or paid invoice. Throws `billing.not-creditable`, `billing.credited-already`. */
  async credit(
    scope: TenantScope,
    input: z.output<typeof creditInvoiceInput>,
  ): Promise<{ invoiceId: InvoiceId; number: string }> {
    const { timeZone } = await this.#deps.msp.get(scope);
    return this.#db.transaction(scope, async (tx) => {
      const invoice = await this.#deps.store.forChange(tx, input.invoiceId);
      if (invoice.kind !== 'invoice' || (invoice.state !== 'sent' && invoice.state !== 'paid'))
        throw new ConflictError('billing.not-creditable', 'Only an invoice that the client has can be credited.');
      const credited = await tx.query
        .selectFrom('invoice')
        .select('number')
        .where('credits_invoice_id', '=', invoice.id)
        .executeTakeFirst();
      if (credited !== undefined)
        throw new ConflictError('billing.credited-already', `This invoice is credited by ${credited.number ?? ''}.`);
      const isReleased = input.reason === 'bill-again';
      await this.#deps.store.update(tx, invoice.id, input.version, { is_claiming: !isReleased });
      if (isReleased) await this.#release(tx, invoice.id);
      const id = newId<'invoice'>();
      const { creditPrefix } = await this.#deps.settings.get(scope, tx);
      const number = invoiceNumber(creditPrefix, await this.#deps.store.nextNumber(tx, 'credit-note'));
      await this.#writeCredit(tx, invoice, { id, number, reason: input.reason, note: input.note, timeZone });
      await this.#done(tx, invoice, 'billing.credit-invoice', `Credited ${invoice.number ?? ''} by ${number}`);
      return { invoiceId: id, number };
    });
  }

  async #writeCredit(
    tx: Tx,
    invoice: InvoiceRow,
    credit: { id: InvoiceId; number: string; reason: InvoiceRow['credit_reason']; note: string; timeZone: string },
  ): Promise<void> {
    const { store, clock } = this.#deps;
    const now = clock.now();
    const issuedOn = now.toZonedDateTimeISO(credit.timeZone).toPlainDate();
    await store.insert(tx, {
      ...invoice,
      id: credit.id,
      kind: 'credit-note',
      state: 'approved',
      is_claiming: false,
      number: credit.number,
      credits_invoice_id: invoice.id,
      credit_reason: credit.reason,
      note: credit.note,
      issued_on: issuedOn,
      due_on: issuedOn,
      issuer: invoice.issuer === null ? null : JSON.stringify(invoice.issuer),
      recipient: invoice.recipient === null ? null : JSON.stringify(invoice.recipient),
      net_minor: -invoice.net_minor,
      tax_minor: -invoice.tax_minor,
      total_minor: -invoice.total_minor,
      sent_at: null,
      paid_on: null,
      payment_reference: '',
      version: 1,
      created_at: now,
    });
    for (const line of await store.lines(tx, invoice.id))
      await store.insertLine(
        tx,
        {
          ...line,
          id: newId<'invoice-line'>(),
          invoice_id: credit.id,
          quantity: line.quantity.negated(),
          net_minor: -line.net_minor,
          reason: `Credits ${invoice.number ?? ''}`,
        },
        [],
      );
    await store.storeTotals(tx, { ...invoice, id: credit.id });
  }

  async #release(tx: Tx, invoiceId: InvoiceId): Promise<void> {
    await this.#deps.time.release(tx, invoiceId);
    await this.#deps.store.releaseClaims(tx, invoiceId);
  }

  async #done(tx: Tx, invoice: InvoiceRow, action: string, summary: string): Promise<{ version: number }> {
    await this.#deps.audit.record(tx, {
      action,
      subject: { kind: 'invoice', id: invoice.id, clientId: invoice.client_id },
      summary,
      isClientVisible: true,
    });
    const version = invoice.version + 1;
    this.#deps.live.touch(tx, {
      clientId: invoice.client_id,
      topic: 'invoice',
      id: invoice.id,
      version,
      isForContacts: true,
    });
    return { version };
  }
}
