import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { idSchema, newId, type ClientId } from '#kernel/id';
import { dateSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import {
  periodAfter,
  servicePeriods,
  type AgreementLineId,
  type AgreementQueries,
  type DayRange,
} from '#modules/agreements';
import type { AssetLifetimeQueries } from '#modules/assets';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries, MspQueries } from '#modules/tenancy';
import type { BlockBalances } from '#modules/prepaid-hours';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { flatLine, idOf, perDeviceLine, timeLines, type Agreement, type MadeLine } from './agreement-billing.ts';
import type { BilledTime } from './billed-time.ts';
import { blockLines } from './block-billing.ts';
import type { BillingSettings, BillingSettingsView } from './billing-settings.ts';
import type { BillingTables, InvoiceId } from './billing-table.ts';
import type { InvoiceRow, InvoiceStore } from './invoice-store.ts';
import type { ProductQueries } from './product-queries.ts';
import { lineNetMinor } from './invoice-totals.ts';

export const draftInvoiceInput = z.object({
  agreementId: idSchema('agreement'),
  /** The first day of the period; without it the oldest that is not billed. */
  serviceFrom: dateSchema.optional(),
});
export type DraftInvoiceInput = z.output<typeof draftInvoiceInput>;

type Tx = ScopedTransaction<BillingTables>;

/** The line for work that no line of the agreement names. */
const OUTSIDE = { id: null, description: 'Work outside the agreement', productCode: '', charge: 'hourly' } as const;

interface Deps {
  readonly db: ScopedDb;
  readonly store: InvoiceStore;
  readonly settings: BillingSettings;
  readonly products: ProductQueries;
  readonly agreements: AgreementQueries;
  readonly assets: AssetLifetimeQueries;
  readonly time: BilledTime;
  readonly blocks: BlockBalances;
  readonly clients: ClientQueries;
  readonly msp: MspQueries;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

interface Facts {
  readonly agreement: Agreement;
  readonly settings: BillingSettingsView;
  readonly purchaseOrder: string;
  readonly isTaxExempt: boolean;
  readonly timeZone: string;
  readonly now: Temporal.Instant;
}

/** Makes the invoice of one period of an agreement out of what was really counted and logged. */
export class DraftInvoice {
  readonly #db: ScopedDb<BillingTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<BillingTables>();
    this.#deps = deps;
  }

  /**
   * Drafting a period again remakes its draft from what is true now, and keeps a person's own lines; it never makes a second one. Throws
   * `billing.agreement-not-active`, `billing.client-archived`, `billing.not-a-period`, `billing.nothing-to-bill`, `billing.period-claimed`.
   */
  async run(scope: TenantScope, input: DraftInvoiceInput): Promise<{ invoiceId: InvoiceId; version: number }> {
    const facts = await this.#facts(scope, input);
    return this.#db.transaction(scope, async (tx) => {
      const period = await this.#period(tx, facts, input.serviceFrom);
      const invoice = await this.#empty(tx, facts, period);
      const made = await this.#lines(tx, facts, invoice.id, period);
      for (const [place, line] of made.entries()) await this.#store(tx, facts, invoice, line, place);
      for (const line of facts.agreement.lines) await this.#claim(tx, invoice, line.id as AgreementLineId, period);
      const totals = await this.#deps.store.storeTotals(tx, invoice);
      await this.#deps.store.update(tx, invoice.id, invoice.version, { ...totals, tax_name: facts.settings.taxName });
      await this.#deps.audit.record(tx, {
        action: 'billing.draft-invoice',
        subject: { kind: 'invoice', id: invoice.id, clientId: invoice.client_id },
        summary: `Drafted the invoice of “${facts.agreement.name}” from ${period.from.toString()}`,
        after: { lines: made.length, ...totals },
      });
      const version = invoice.version + 1;
      this.#deps.live.touch(tx, { clientId: invoice.client_id, topic: 'invoice', id: invoice.id, version });
      return { invoiceId: invoice.id, version };
    });
  }

  async #facts(scope: TenantScope, input: DraftInvoiceInput): Promise<Facts> {
    const { agreements, clients, settings, msp, clock } = this.#deps;
    const agreement = await agreements.get(scope, input.agreementId);
    if (agreement.state === 'draft')
      throw new ConflictError(
        'billing.agreement-not-active',
        'A draft of an agreement cannot be billed. Activate it first.',
      );
    const clientId = agreement.clientId as ClientId;
    const client = await clients.get(scope, clientId);
    if (client.state === 'archived')
      throw new ConflictError('billing.client-archived', 'An archived client is not billed.');
    const ofClient = await settings.ofClient(scope, clientId);
    return {
      agreement,
      settings: await settings.get(scope),
      purchaseOrder: ofClient.purchaseOrder,
      isTaxExempt: ofClient.isTaxExempt,
      timeZone: (await msp.get(scope)).timeZone,
      now: clock.now(),
    };
  }

  async #period(tx: Tx, { agreement, now, timeZone }: Facts, wanted: string | undefined): Promise<DayRange> {
    const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
    const periods = servicePeriods(
      {
        startsOn: Temporal.PlainDate.from(agreement.startsOn),
        endsOn: agreement.endsOn === null ? null : Temporal.PlainDate.from(agreement.endsOn),
        billingPeriod: agreement.billingPeriod,
      },
      today.add({ days: 1 }),
    );
    if (wanted !== undefined) {
      const period = periods.find(({ from }) => from.toString() === wanted);
      if (period !== undefined) return period;
      throw new InvalidInputError(
        'billing.not-a-period',
        'No period of this agreement that has begun starts on this day.',
        {
          fields: [{ path: ['serviceFrom'], message: 'must be the first day of a period that has begun' }],
        },
      );
    }
    const billed = await tx.query
      .selectFrom('invoice')
      .select('service_from')
      .where('agreement_id', '=', idOf(agreement))
      .where('is_claiming', '=', true)
      .where('state', '<>', 'draft')
      .execute();
    const taken = new Set(billed.map((row) => row.service_from?.toString()));
    const open = periods.find(({ from }) => !taken.has(from.toString()));
    if (open === undefined)
      throw new ConflictError('billing.nothing-to-bill', 'Every period of this agreement that has begun is billed.');
    return open;
  }

  /** The period's invoice without lines: a new one, or the draft that there is with its lines taken off. */
  async #empty(
    tx: Tx,
    facts: Facts,
    period: DayRange,
  ): Promise<Pick<InvoiceRow, 'msp_id' | 'id' | 'client_id' | 'version'>> {
    const { store, time } = this.#deps;
    const { agreement } = facts;
    const existing = await store.ofPeriod(tx, idOf(agreement), period.from);
    if (existing !== undefined) {
      if (existing.state !== 'draft')
        throw new ConflictError('billing.period-claimed', `This period is billed already: ${existing.number ?? ''}.`);
      await time.release(tx, existing.id);
      await store.deleteMadeLines(tx, existing.id);
      return existing;
    }
    const row = {
      msp_id: tx.scope.mspId,
      id: newId<'invoice'>(),
      client_id: agreement.clientId as ClientId,
      version: 1,
    };
    await store.insert(tx, {
      ...row,
      kind: 'invoice',
      state: 'draft',
      is_claiming: true,
      number: null,
      currency: agreement.currency,
      agreement_id: idOf(agreement),
      credits_invoice_id: null,
      credit_reason: null,
      service_from: period.from,
      service_until: period.until,
      window_from: period.until,
      window_until: periodAfter(period.until, agreement.billingPeriod),
      activity_from: Temporal.PlainDate.from(agreement.startsOn),
      activity_until: period.until,
      purchase_order: facts.purchaseOrder,
      note: '',
      issued_on: null,
      due_on: null,
      issuer: null,
      recipient: null,
      tax_name: facts.settings.taxName,
      net_minor: 0,
      tax_minor: 0,
      total_minor: 0,
      sent_at: null,
      paid_on: null,
      payment_reference: '',
      void_reason: '',
      created_at: facts.now,
    });
    return row;
  }

  /** Late entries are taken too: the window for work begins with the agreement. */
  async #lines(tx: Tx, facts: Facts, invoiceId: InvoiceId, period: DayRange): Promise<MadeLine[]> {
    const { agreement, timeZone, now, settings } = facts;
    const instant = (day: Temporal.PlainDate): Temporal.Instant => day.toZonedDateTime(timeZone).toInstant();
    const worked = (agreementLineId: AgreementLineId | null) =>
      this.#deps.time.claim(tx, {
        clientId: agreement.clientId as ClientId,
        window: { from: instant(Temporal.PlainDate.from(agreement.startsOn)), to: instant(period.until) },
        invoiceId,
        agreementLineId,
      });
    const made: (MadeLine | null)[] = [];
    for (const line of agreement.lines) {
      if (line.kind === 'flat') made.push(flatLine(agreement, line, period));
      else if (line.kind === 'per-device')
        made.push(await perDeviceLine(tx, this.#deps.assets, { agreement, line, period, timeZone, now }));
      else if (line.kind === 'block-hours') {
        const entries = await worked(line.id as AgreementLineId);
        made.push(
          ...(await blockLines(tx, this.#deps.blocks, { agreement, line, period, timeZone, invoiceId, entries })),
        );
      } else made.push(...timeLines(line, await worked(line.id as AgreementLineId)));
    }
    if (settings.hourlyRateMinor > 0)
      made.push(...timeLines({ ...OUTSIDE, unitPriceMinor: settings.hourlyRateMinor }, await worked(null)));
    return made.filter((line) => line !== null);
  }

  async #store(
    tx: Tx,
    facts: Facts,
    invoice: Pick<InvoiceRow, 'msp_id' | 'id' | 'client_id'>,
    line: MadeLine,
    place: number,
  ): Promise<void> {
    const { store, products } = this.#deps;
    const rate = facts.isTaxExempt
      ? '0'
      : ((await products.taxRateOf(tx, line.productCode)) ?? facts.settings.defaultTaxRate);
    await store.insertLine(
      tx,
      {
        msp_id: invoice.msp_id,
        id: newId<'invoice-line'>(),
        client_id: invoice.client_id,
        invoice_id: invoice.id,
        place,
        kind: line.kind,
        description: line.description,
        product_code: line.productCode,
        agreement_line_id: line.agreementLineId,
        quantity: line.quantity,
        unit: line.unit,
        price_base: line.priceBase,
        unit_price_minor: line.unitPriceMinor,
        net_minor: lineNetMinor(line),
        tax_rate: new Decimal(rate),
        reason: line.reason,
      },
      line.evidence,
    );
  }

  async #claim(
    tx: Tx,
    invoice: Pick<InvoiceRow, 'msp_id' | 'id' | 'client_id'>,
    lineId: AgreementLineId,
    period: DayRange,
  ): Promise<void> {
    await this.#deps.store.claim(tx, {
      msp_id: invoice.msp_id,
      client_id: invoice.client_id,
      agreement_line_id: lineId,
      service_from: period.from,
      service_until: period.until,
      invoice_id: invoice.id,
    });
  }
}
