import type { Id } from '#kernel/id';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { TicketId, TicketTables } from './ticket-table.ts';

type Tx = ScopedTransaction<TicketTables>;

/** What went with a ticket into another, by kind, so that exactly this can go back. */
export interface Belongings {
  readonly comments: readonly string[];
  readonly attachments: readonly string[];
  readonly alerts: readonly string[];
  readonly links: readonly string[];
}

/** What hangs on a ticket: its conversation with the files, its alerts, and the children and incidents that are linked to it. */
export class TicketBelongings {
  /** Carries all of it, or `only` what is named, from one ticket to another of the same client. Both are held locked by the caller. Answers with what was carried. */
  async move(within: AnyTransaction, from: TicketId, to: TicketId, only?: Belongings): Promise<Belongings> {
    const tx = within.typed<TicketTables>();
    return {
      comments: await moveRows(tx, 'ticket_comment', from, to, only?.comments),
      attachments: await moveRows(tx, 'ticket_attachment', from, to, only?.attachments),
      alerts: await moveAlerts(tx, from, to, only?.alerts),
      links: await moveLinks(tx, from, to, only?.links),
    };
  }

  /** The files of attachments, as they stand on a ticket. */
  async filesOf(within: AnyTransaction, attachments: readonly string[]): Promise<Id<'file'>[]> {
    if (attachments.length === 0) return [];
    const rows = await within
      .typed<TicketTables>()
      .query.selectFrom('ticket_attachment')
      .select('file_id')
      .where('id', 'in', attachments as Id<'ticket-attachment'>[])
      .execute();
    return rows.map((row) => row.file_id);
  }
}

async function moveRows(
  tx: Tx,
  table: 'ticket_comment' | 'ticket_attachment',
  from: TicketId,
  to: TicketId,
  only: readonly string[] | undefined,
): Promise<string[]> {
  if (only?.length === 0) return [];
  let query = tx.query.updateTable(table).set({ ticket_id: to }).where('ticket_id', '=', from);
  if (only !== undefined) query = query.where('id', 'in', only as never[]);
  return (await query.returning('id').execute()).map((row) => row.id);
}

async function moveAlerts(
  tx: Tx,
  from: TicketId,
  to: TicketId,
  only: readonly string[] | undefined,
): Promise<string[]> {
  if (only?.length === 0) return [];
  let query = tx.query.updateTable('ticket_alert').set({ ticket_id: to }).where('ticket_id', '=', from);
  if (only !== undefined) query = query.where('alert_id', 'in', [...only]);
  return (await query.returning('alert_id').execute()).map((row) => row.alert_id);
}

/** Children and incidents point at the one that goes on; a ticket that does so already keeps its one link. */
async function moveLinks(tx: Tx, from: TicketId, to: TicketId, only: readonly string[] | undefined): Promise<string[]> {
  if (only?.length === 0) return [];
  const rows = await tx.sql<{ id: string }>(
    `update ticket_link l set to_ticket_id = $3
     where l.msp_id = $1 and l.to_ticket_id = $2 and l.kind in ('child-of', 'caused-by') and l.ticket_id <> $3
       and ($4::uuid[] is null or l.id = any($4))
       and not exists (select from ticket_link o where o.msp_id = l.msp_id and o.ticket_id = l.ticket_id and o.to_ticket_id = $3 and o.kind = l.kind)
     returning l.id`,
    [tx.scope.mspId, from, to, only ?? null],
  );
  return rows.map((row) => row.id);
}
