import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { ticketNotFound, type TicketRow } from './ticket-store.ts';
import type { TicketId, TicketTables } from './ticket-table.ts';

/** A ticket as other modules that log something on it see it, inside their transaction. */
export class TicketForWork {
  /** Throws `tickets.ticket-not-found`, also for another tenant's. */
  async read(
    tx: AnyTransaction,
    id: TicketId,
  ): Promise<Pick<TicketRow, 'id' | 'client_id' | 'site_id' | 'number' | 'subject'>> {
    const row = await tx
      .typed<TicketTables>()
      .query.selectFrom('ticket')
      .select(['id', 'client_id', 'site_id', 'number', 'subject'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw ticketNotFound();
    return row;
  }

  /** The subjects and numbers of those that the scope reaches. */
  async readMany(
    tx: AnyTransaction,
    ids: readonly TicketId[],
  ): Promise<Pick<TicketRow, 'id' | 'number' | 'subject'>[]> {
    if (ids.length === 0) return [];
    return tx
      .typed<TicketTables>()
      .query.selectFrom('ticket')
      .select(['id', 'number', 'subject'])
      .where('id', 'in', [...ids])
      .execute();
  }

  /** Marks that a person works on it: an alert's recovery does not close it any more. No change of version; what people read is the same. */
  async touch(tx: AnyTransaction, id: TicketId): Promise<void> {
    await tx
      .typed<TicketTables>()
      .query.updateTable('ticket')
      .set({ touched_by_person: true })
      .where('id', '=', id)
      .where('touched_by_person', '=', false)
      .execute();
  }
}
