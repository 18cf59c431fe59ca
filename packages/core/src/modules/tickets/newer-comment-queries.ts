import { sql } from 'kysely';
import { ConflictError } from '#kernel/errors';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { authorOf } from './ticket.ts';
import type { TicketRow } from './ticket-store.ts';
import type { TicketCommentId, TicketTables } from './ticket-table.ts';

/** Throws `tickets.replied-meanwhile` where somebody else wrote for all to read after `lastSeen`; null is before everything, undefined looks at nothing. */
export async function assertNothingNew(
  tx: ScopedTransaction<TicketTables>,
  ticket: Pick<TicketRow, 'id' | 'client_id'>,
  lastSeen: TicketCommentId | null | undefined,
): Promise<void> {
  if (lastSeen === undefined) return;
  const newer = tx.query
    .selectFrom('ticket_comment')
    .select('author_label')
    .where('client_id', '=', ticket.client_id)
    .where('ticket_id', '=', ticket.id)
    .where('visibility', '=', 'public')
    .where('author_id', '<>', authorOf(tx.scope).id);
  // A comment of another ticket, or of nobody's, is older than nothing: all that there is counts as new.
  const row = await (
    lastSeen === null
      ? newer
      : newer.where(
          sql<boolean>`created_at > coalesce((select s.created_at from ticket_comment s where s.msp_id = ticket_comment.msp_id and s.ticket_id = ${ticket.id} and s.id = ${lastSeen}), '-infinity'::timestamptz)`,
        )
  )
    .limit(1)
    .executeTakeFirst();
  if (row !== undefined)
    throw new ConflictError(
      'tickets.replied-meanwhile',
      `${row.author_label} replied while you wrote. Read it, then send yours.`,
    );
}
