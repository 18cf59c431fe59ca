import type { ClientId } from '#kernel/id';
import type { AgreementLineId } from '#modules/agreements';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { TimeEntryRow } from './time-store.ts';
import type { TimeTables } from './time-table.ts';

/** An entry that went onto an invoice. */
export type ClaimedTime = Pick<
  TimeEntryRow,
  | 'id'
  | 'client_id'
  | 'ticket_id'
  | 'staff_id'
  | 'staff_label'
  | 'work_type'
  | 'started_at'
  | 'worked_minutes'
  | 'billable_minutes'
  | 'billable_reason'
  | 'note'
  | 'visibility'
  | 'agreement_id'
  | 'agreement_line_id'
  | 'agreement_reason'
  | 'coverage'
  | 'parts'
  | 'reverses_entry_id'
>;

const CLAIMED = [
  'id',
  'client_id',
  'ticket_id',
  'staff_id',
  'staff_label',
  'work_type',
  'started_at',
  'worked_minutes',
  'billable_minutes',
  'billable_reason',
  'note',
  'visibility',
  'agreement_id',
  'agreement_line_id',
  'agreement_reason',
  'coverage',
  'parts',
  'reverses_entry_id',
] as const satisfies readonly (keyof ClaimedTime)[];

/** An activity window: from its first instant up to, not including, its last. */
export interface ActivityWindow {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

/** Puts time on invoices, inside billing's transaction. What is claimed once is not claimed again, however many invoices are drafted at once: the rows themselves are the claim. */
export class InvoicedTime {
  /** What a claim would take, without taking it: for drift reports and previews. Oldest first. */
  async preview(
    tx: AnyTransaction,
    about: { clientId: ClientId; window: ActivityWindow; agreementLineId?: AgreementLineId | null },
  ): Promise<ClaimedTime[]> {
    let open = tx
      .typed<TimeTables>()
      .query.selectFrom('time_entry')
      .select(CLAIMED)
      .where('invoice_id', 'is', null)
      .where('billable_minutes', '<>', 0)
      .where('started_at', '>=', about.window.from)
      .where('started_at', '<', about.window.to);
    if (typeof about.agreementLineId === 'string') open = open.where('agreement_line_id', '=', about.agreementLineId);
    else open = open.where('client_id', '=', about.clientId);
    if (about.agreementLineId === null) open = open.where('agreement_line_id', 'is', null);
    return open.orderBy('started_at').orderBy('id').execute();
  }

  /**
   * Takes every billable entry of the window that no invoice has yet, and every reversal (its minutes are negative), oldest first; of one contract line where it is given (of the client and of its subsidiaries), of none where that is null. From the commit on they are locked: no
   * change, no removal, no move to another client. Running it again takes nothing.
   */
  async claim(
    tx: AnyTransaction,
    about: { clientId: ClientId; window: ActivityWindow; invoiceId: string; agreementLineId?: AgreementLineId | null },
  ): Promise<ClaimedTime[]> {
    const typed = tx.typed<TimeTables>();
    let open = typed.query
      .updateTable('time_entry')
      .set((update) => ({
        invoice_id: about.invoiceId,
        invoiced_minutes: update.ref('billable_minutes'),
        invoiced_reason: 'as billable',
        version: update('version', '+', 1),
      }))
      .where('invoice_id', 'is', null)
      .where('billable_minutes', '<>', 0)
      .where('started_at', '>=', about.window.from)
      .where('started_at', '<', about.window.to);
    // A line has the work of subsidiaries too, which no invoice of their own would take.
    if (typeof about.agreementLineId === 'string') open = open.where('agreement_line_id', '=', about.agreementLineId);
    else open = open.where('client_id', '=', about.clientId);
    if (about.agreementLineId === null) open = open.where('agreement_line_id', 'is', null);
    const rows = await open.returning(CLAIMED).execute();
    return rows.toSorted((a, b) => Temporal.Instant.compare(a.started_at, b.started_at) || (a.id < b.id ? -1 : 1));
  }

  /** Gives back what an invoice that is void had claimed. */
  async release(tx: AnyTransaction, invoiceId: string): Promise<number> {
    const result = await tx
      .typed<TimeTables>()
      .query.updateTable('time_entry')
      .set((update) => ({
        invoice_id: null,
        invoiced_minutes: null,
        invoiced_reason: null,
        version: update('version', '+', 1),
      }))
      .where('invoice_id', '=', invoiceId)
      .executeTakeFirst();
    return Number(result.numUpdatedRows);
  }
}
