import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { StaffId, TicketTables } from './ticket-table.ts';

/** How much people have on their desks. */
export class TicketLoad {
  /** How many tickets that are open and awake each has who has any, as far as the scope reaches. */
  async of(tx: AnyTransaction, staffIds: readonly StaffId[]): Promise<ReadonlyMap<string, number>> {
    const rows = await tx
      .typed<TicketTables>()
      .query.selectFrom('ticket')
      .select((all) => ['assignee_id', all.fn.countAll<number>().as('count')])
      .where('assignee_id', 'in', staffIds)
      .where('is_open', '=', true)
      .where('is_snoozed', '=', false)
      .groupBy('assignee_id')
      .execute();
    return new Map(rows.flatMap(({ assignee_id: id, count }) => (id === null ? [] : [[id, count]])));
  }
}
