import { ConflictError, InvalidInputError } from '#kernel/errors';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { TicketRow } from './ticket-store.ts';
import type { TicketTables } from './ticket-table.ts';

type Tx = ScopedTransaction<TicketTables>;
/** More, and no roll-up says anything. */
const MAX_CHILDREN = 1000;
/** Ten generations: deeper is a mistake, and the walk up has an end. */
const MAX_DEPTH = 10;

/**
 * Throws unless one ticket may become the child of the other: `tickets.has-parent` where it has another parent, `tickets.parent-cycle` where it is above it already, `tickets.too-deep`,
 * `tickets.too-many-children`. One at a time in an MSP, or two links made at once could close a circle that neither sees.
 */
export async function assertMayBeChild(tx: Tx, child: TicketRow, parent: TicketRow): Promise<void> {
  await tx.sql(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`ticket-family ${tx.scope.mspId}`]);
  const known = await tx.query
    .selectFrom('ticket_link')
    .select('to_ticket_id')
    .where('ticket_id', '=', child.id)
    .where('kind', '=', 'child-of')
    .executeTakeFirst();
  if (known !== undefined && known.to_ticket_id !== parent.id)
    throw new ConflictError(
      'tickets.has-parent',
      `T-${child.number} is the child of another ticket already. Take that link away first.`,
    );
  const above = await tx.sql<{ id: string; depth: number }>(
    `with recursive above(id, depth) as (
       select $2::uuid, 1
       union all
       select l.to_ticket_id, a.depth + 1 from above a
       join ticket_link l on l.msp_id = $1 and l.ticket_id = a.id and l.kind = 'child-of'
       where a.depth <= $3
     ) select id, depth from above`,
    [tx.scope.mspId, parent.id, MAX_DEPTH],
  );
  if (above.some(({ id }) => id === child.id))
    throw wrongParent('tickets.parent-cycle', `T-${child.number} is above T-${parent.number} already.`);
  if (above.length >= MAX_DEPTH)
    throw wrongParent('tickets.too-deep', `A ticket has at most ${MAX_DEPTH - 1} tickets above it.`);
  const { count } = await tx.query
    .selectFrom('ticket_link')
    .select((all) => all.fn.countAll<number>().as('count'))
    .where('to_client_id', '=', parent.client_id)
    .where('to_ticket_id', '=', parent.id)
    .where('kind', '=', 'child-of')
    .executeTakeFirstOrThrow();
  if (count >= MAX_CHILDREN)
    throw wrongParent(
      'tickets.too-many-children',
      `T-${parent.number} has ${MAX_CHILDREN} children, which is the most.`,
    );
}

function wrongParent(code: string, message: string): InvalidInputError {
  return new InvalidInputError(code, message, { fields: [{ path: ['toTicketId'], message: 'cannot be the parent' }] });
}
