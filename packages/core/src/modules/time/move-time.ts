import type { TicketId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { TimeEntryId, TimeTables } from './time-table.ts';

/** Carries time from one ticket to another of the same client, as when the two are merged. */
export class MoveTime {
  /**
   * Joins the caller's transaction. All entries, or `only` those, that are on no invoice yet: what was billed stays where it was billed. Running timers go along. Answers with the entries
   * that were carried.
   */
  async move(within: AnyTransaction, from: TicketId, to: TicketId, only?: readonly string[]): Promise<string[]> {
    const tx = within.typed<TimeTables>();
    if (only === undefined)
      await tx.query.updateTable('time_timer').set({ ticket_id: to }).where('ticket_id', '=', from).execute();
    if (only?.length === 0) return [];
    let entries = tx.query
      .updateTable('time_entry')
      .set({ ticket_id: to })
      .where('ticket_id', '=', from)
      .where('invoice_id', 'is', null);
    if (only !== undefined) entries = entries.where('id', 'in', only as TimeEntryId[]);
    return (await entries.returning('id').execute()).map((row) => row.id);
  }
}
