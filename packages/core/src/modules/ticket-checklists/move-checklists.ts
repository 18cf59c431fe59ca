import type { TicketId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { ChecklistId, ChecklistTables } from './checklist-table.ts';

/** Carries checklists from one ticket to another of the same client, as when the two are merged. */
export class MoveChecklists {
  /**
   * Joins the caller's transaction. All lists, or `only` those; one of a template that the other has a list of already stays. Answers with the lists that were carried, with what is ticked
   * on them.
   */
  async move(within: AnyTransaction, from: TicketId, to: TicketId, only?: readonly string[]): Promise<string[]> {
    if (only?.length === 0) return [];
    const tx = within.typed<ChecklistTables>();
    const there = tx.query
      .selectFrom('checklist')
      .select('template_id')
      .where('ticket_id', '=', to)
      .where('template_id', 'is not', null);
    let lists = tx.query
      .updateTable('checklist')
      .set({ ticket_id: to })
      .where('ticket_id', '=', from)
      .where((list) => list.or([list('template_id', 'is', null), list('template_id', 'not in', there)]));
    if (only !== undefined) lists = lists.where('id', 'in', only as ChecklistId[]);
    const ids = (await lists.returning('id').execute()).map((row) => row.id);
    if (ids.length > 0)
      await tx.query.updateTable('checklist_item').set({ ticket_id: to }).where('checklist_id', 'in', ids).execute();
    return ids;
  }
}
