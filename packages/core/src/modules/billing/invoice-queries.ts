import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { ForbiddenError } from '#kernel/errors';
import { clientIdSchema, idSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import { type ContactId, type ContactQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { BillingTables, InvoiceId } from './billing-table.ts';
import { INVOICE_STATES } from './invoice.ts';
import { invoiceNotFound, type EvidenceRow } from './invoice-store.ts';
import {
  dayOf,
  invoiceIdSchema,
  toEvidence,
  toInvoiceLine,
  toInvoiceSummary,
  type EvidenceView,
  type InvoiceSummaryView,
  type InvoiceView,
} from './invoice-view.ts';

export const listInvoicesInput = z.object({
  ...pageInput,
  clientId: clientIdSchema.optional(),
  agreementId: idSchema('agreement').optional(),
  states: z.array(z.enum(INVOICE_STATES)).max(INVOICE_STATES.length).optional(),
});
export const getInvoiceInput = z.object({ invoiceId: invoiceIdSchema });
export const listEvidenceInput = z.object({ invoiceId: invoiceIdSchema, lineId: idSchema('invoice-line') });

/** Reads invoices. Contacts see those that were issued to their client, if they act for the whole of it. */
export class InvoiceQueries {
  readonly #db: ScopedDb<BillingTables>;
  readonly #contacts: ContactQueries;

  constructor(deps: { db: ScopedDb; contacts: ContactQueries }) {
    this.#db = deps.db.typed<BillingTables>();
    this.#contacts = deps.contacts;
  }

  /** Invoices and credit notes, the newest first. */
  async list(scope: TenantScope, input: z.output<typeof listInvoicesInput>): Promise<Page<InvoiceSummaryView>> {
    await this.#assertMayRead(scope);
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 1);
    const rows = await this.#db.read(scope, (query) => {
      let list = summaries(query);
      if (input.clientId !== undefined) list = list.where('invoice.client_id', '=', input.clientId);
      if (input.agreementId !== undefined) list = list.where('invoice.agreement_id', '=', input.agreementId);
      if (input.states !== undefined) list = list.where('invoice.state', '=', sql<never>`any(${input.states}::text[])`);
      if (after !== null) list = list.where(sql<boolean>`invoice.id < ${after[0]}::uuid`);
      return list.orderBy('invoice.id', 'desc').limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toInvoiceSummary, (row) => [row.id]);
  }

  /** One invoice with its lines. Throws `billing.invoice-not-found`, also for another tenant's and, for contacts, for a draft. */
  async get(scope: TenantScope, invoiceId: InvoiceId): Promise<InvoiceView> {
    await this.#assertMayRead(scope);
    return this.#db.transaction(scope, async (tx) => {
      const row = await summaries(tx.query).where('invoice.id', '=', invoiceId).executeTakeFirst();
      if (row === undefined) throw invoiceNotFound();
      const lines = await tx.query
        .selectFrom('invoice_line')
        .selectAll()
        .select(
          sql<number>`(select count(*)::int from invoice_evidence e where e.msp_id = invoice_line.msp_id and e.line_id = invoice_line.id)`.as(
            'evidence_count',
          ),
        )
        .where('invoice_id', '=', invoiceId)
        .orderBy('place')
        .execute();
      const taxes = await tx.query
        .selectFrom('invoice_tax')
        .selectAll()
        .where('invoice_id', '=', invoiceId)
        .orderBy('tax_rate')
        .execute();
      return {
        ...toInvoiceSummary(row),
        creditsInvoiceId: row.credits_invoice_id,
        creditReason: row.credit_reason,
        windowFrom: dayOf(row.window_from),
        windowUntil: dayOf(row.window_until),
        activityFrom: dayOf(row.activity_from),
        activityUntil: dayOf(row.activity_until),
        purchaseOrder: row.purchase_order,
        note: row.note,
        issuer: row.issuer,
        recipient: row.recipient,
        taxName: row.tax_name,
        sentAt: row.sent_at?.toString() ?? null,
        paymentReference: row.payment_reference,
        voidReason: row.void_reason,
        lines: lines.map(toInvoiceLine),
        taxes: taxes.map((tax) => ({
          taxRate: tax.tax_rate.toFixed(),
          netMinor: tax.net_minor,
          taxMinor: tax.tax_minor,
        })),
      };
    });
  }

  /** What stands behind a line, in order; empty for a line that counts nothing. */
  async evidence(scope: TenantScope, input: z.output<typeof listEvidenceInput>): Promise<{ items: EvidenceView[] }> {
    await this.get(scope, input.invoiceId);
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('invoice_evidence')
        .selectAll()
        .where('invoice_id', '=', input.invoiceId)
        .where('line_id', '=', input.lineId)
        .orderBy('place')
        .limit(20_000),
    );
    return { items: rows.map(toEvidence) };
  }

  /** Everything behind an invoice, line by line: its appendix. */
  async allEvidence(scope: TenantScope, invoiceId: InvoiceId): Promise<EvidenceRow[]> {
    return this.#db.read(scope, (query) =>
      query
        .selectFrom('invoice_evidence')
        .selectAll()
        .where('invoice_id', '=', invoiceId)
        .orderBy('line_id')
        .orderBy('place'),
    );
  }

  /** Money is for those contacts who act for their whole company. */
  async #assertMayRead(scope: TenantScope): Promise<void> {
    if (scope.audience === 'staff' || scope.audience === 'system') return;
    const contact = await this.#contacts.find(scope, scope.actor.id as ContactId);
    if (contact?.portalRole !== 'manager')
      throw new ForbiddenError(
        'billing.not-a-manager',
        'Invoices are shown to those who manage your company’s account. Ask one of them.',
      );
  }
}

function summaries(query: Kysely<BillingTables>) {
  return query
    .selectFrom('invoice')
    .selectAll('invoice')
    .select(
      sql<boolean>`exists (select 1 from invoice c where c.msp_id = invoice.msp_id and c.credits_invoice_id = invoice.id)`.as(
        'is_credited',
      ),
    );
}
