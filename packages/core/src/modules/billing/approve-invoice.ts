import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries, MspQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { BillingSettings } from './billing-settings.ts';
import type { BillingTables } from './billing-table.ts';
import { assertDraftInvoice, invoiceNumber, type Party } from './invoice.ts';
import { invoiceApproved } from './invoice-events.ts';
import type { InvoiceQueries } from './invoice-queries.ts';
import type { InvoiceStore } from './invoice-store.ts';

export const approveInvoiceInput = z.object({ invoiceId: idSchema('invoice'), version: z.int() });
export type ApproveInvoiceInput = z.output<typeof approveInvoiceInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: InvoiceStore;
  readonly settings: BillingSettings;
  readonly invoices: InvoiceQueries;
  readonly clients: ClientQueries;
  readonly msp: MspQueries;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Makes a draft an invoice: it gets its number and dates, and both sides are written down as they are today. */
export class ApproveInvoice {
  readonly #db: ScopedDb<BillingTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<BillingTables>();
    this.#deps = deps;
  }

  /** Numbers have no gap, whatever runs beside. Throws `billing.not-draft`, `billing.nothing-to-bill`, `billing.less-than-nothing`, `billing.invoice-changed`. */
  async run(scope: TenantScope, input: ApproveInvoiceInput): Promise<{ number: string; version: number }> {
    const { store, settings, audit, jobs, clock, live } = this.#deps;
    const { clientId } = await this.#deps.invoices.get(scope, input.invoiceId);
    const client = await this.#deps.clients.get(scope, clientId);
    const msp = await this.#deps.msp.get(scope);
    return this.#db.transaction(scope, async (tx) => {
      const invoice = await store.forChange(tx, input.invoiceId);
      assertDraftInvoice(invoice.state);
      if ((await store.lines(tx, invoice.id)).length === 0)
        throw new ConflictError('billing.nothing-to-bill', 'An invoice without lines cannot be approved.');
      if (invoice.total_minor < 0)
        throw new ConflictError(
          'billing.less-than-nothing',
          'More time was taken back than this invoice bills. Credit the invoice that had it, or wait for more work.',
        );
      const ours = await settings.get(scope, tx);
      const theirs = await settings.ofClient(scope, invoice.client_id, tx);
      const issuedOn = clock.now().toZonedDateTimeISO(msp.timeZone).toPlainDate();
      const number = invoiceNumber(ours.numberPrefix, await store.nextNumber(tx, 'invoice'));
      await store.update(tx, invoice.id, input.version, {
        state: 'approved',
        number,
        issued_on: issuedOn,
        due_on: issuedOn.add({ days: theirs.paymentDays ?? ours.paymentDays }),
        issuer: JSON.stringify(partyOf({ ...ours, name: msp.name })),
        recipient: JSON.stringify(partyOf({ ...theirs, name: client.name, bankDetails: '', footer: '' })),
        purchase_order: theirs.purchaseOrder,
      });
      await audit.record(tx, {
        action: 'billing.approve-invoice',
        subject: { kind: 'invoice', id: invoice.id, clientId: invoice.client_id },
        summary: `Approved the invoice ${number}`,
        after: { number, totalMinor: invoice.total_minor, currency: invoice.currency },
        isClientVisible: true,
      });
      const version = input.version + 1;
      const payload = { invoiceId: invoice.id, clientId: invoice.client_id };
      if (invoice.kind === 'invoice')
        await jobs.publish(tx, invoiceApproved, { aggregateId: invoice.id, version }, payload);
      live.touch(tx, { clientId: invoice.client_id, topic: 'invoice', id: invoice.id, version, isForContacts: true });
      return { number, version };
    });
  }
}

function partyOf(party: Party): Party {
  const { name, address, taxNumber, bankDetails, footer } = party;
  return { name, address, taxNumber, bankDetails, footer };
}
