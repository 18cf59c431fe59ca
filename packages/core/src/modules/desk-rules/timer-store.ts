import { sql } from 'kysely';
import type { ClientId } from '#kernel/id';
import type { TicketId } from '#modules/tickets';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { DeskRuleTables } from './rules-table.ts';

type Tx = ScopedTransaction<DeskRuleTables>;

/** The only writer of `desk_rule_timer`. */
export class TimerStore {
  /** Has the rules of time look at a ticket. */
  async wake(tx: Tx, ticket: { id: TicketId; clientId: ClientId }, at: Temporal.Instant): Promise<void> {
    await tx.query
      .insertInto('desk_rule_timer')
      .values({ msp_id: tx.scope.mspId, client_id: ticket.clientId, ticket_id: ticket.id, due_at: at })
      .onConflict((conflict) =>
        conflict
          .columns(['msp_id', 'ticket_id'])
          .doUpdateSet({ due_at: sql`excluded.due_at`, client_id: sql`excluded.client_id` }),
      )
      .execute();
  }

  /** Has them look at every open ticket, and at those that were solved since a moment. */
  async wakeAll(tx: Tx, at: Temporal.Instant, solvedSince: Temporal.Instant): Promise<void> {
    await tx.sql(
      `insert into desk_rule_timer (msp_id, client_id, ticket_id, due_at)
       select msp_id, client_id, id, $2::timestamptz from ticket where msp_id = $1 and is_open
       union all
       select msp_id, client_id, id, $2::timestamptz from ticket
         where msp_id = $1 and not is_open and status = 'resolved' and updated_at > $3::timestamptz
       on conflict (msp_id, ticket_id) do update set due_at = excluded.due_at, client_id = excluded.client_id`,
      [tx.scope.mspId, at, solvedSince],
    );
  }

  /** Sets the tickets that were looked at to their next moments; those without one are left in peace. A timer that an event set meanwhile, later than `now`, stays. */
  async setNext(
    tx: Tx,
    ids: readonly TicketId[],
    next: ReadonlyMap<TicketId, Temporal.Instant>,
    now: Temporal.Instant,
  ): Promise<void> {
    await tx.sql(
      `update desk_rule_timer t set due_at = n.at from unnest($2::uuid[], $3::timestamptz[]) n(id, at)
       where t.msp_id = $1 and t.ticket_id = n.id and t.due_at <= $4`,
      [tx.scope.mspId, [...next.keys()], [...next.values()].map(String), now],
    );
    await tx.query.deleteFrom('desk_rule_timer').where('ticket_id', 'in', ids).where('due_at', '<=', now).execute();
  }

  async clear(tx: Tx): Promise<void> {
    await tx.query.deleteFrom('desk_rule_timer').execute();
  }
}
