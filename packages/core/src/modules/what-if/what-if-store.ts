import type { ClientId, Id } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

export type WhatIfId = Id<'what-if'>;
export const MEASURES = ['response', 'update', 'resolution'] as const;

export interface WhatIfRow {
  readonly id: WhatIfId;
  readonly client_id: ClientId | null;
  readonly policy_version_id: Id<'sla-policy-version'>;
  readonly opened_from: Temporal.Instant;
  readonly opened_until: Temporal.Instant;
  readonly as_of: Temporal.Instant;
  readonly state: 'running' | 'done' | 'stopped';
}

export interface PastTicket {
  readonly id: Id<'ticket'>;
  readonly client_id: ClientId;
  readonly priority: number;
  readonly opened_at: Temporal.Instant;
}

/** How one promise to one ticket turned out, both times. */
export interface Verdicts {
  readonly ticket: PastTicket;
  readonly measure: (typeof MEASURES)[number];
  readonly before: string;
  readonly after: string;
}

const OPENED = `t.msp_id = $1 and t.opened_at >= $2::timestamptz and t.opened_at < $3::timestamptz and ($4::uuid is null or t.client_id = $4::uuid)`;

/** How many tickets a run would judge, counted no further than `limit`. */
export async function countTickets(
  tx: AnyTransaction,
  about: { from: Temporal.Instant; until: Temporal.Instant; clientId: ClientId | null },
  limit: number,
): Promise<number> {
  const [row] = await tx.sql<{ tickets: number }>(
    `select count(*)::integer as tickets from (select from ticket t where ${OPENED} limit $5) one`,
    [tx.scope.mspId, about.from, about.until, about.clientId, limit],
  );
  return row?.tickets ?? 0;
}

/** The run, locked; undefined where it was removed. */
export async function lockRun(tx: AnyTransaction, id: WhatIfId): Promise<WhatIfRow | undefined> {
  const [row] = await tx.sql<WhatIfRow>(
    `select id, client_id, policy_version_id, opened_from, opened_until, as_of, state from what_if where msp_id = $1 and id = $2 for update`,
    [tx.scope.mspId, id],
  );
  return row;
}

/** The next tickets of a run, in the order of their opening. */
export async function nextTickets(
  tx: AnyTransaction,
  run: WhatIfRow,
  after: { at: string; id: Id<'ticket'> } | null,
  limit: number,
): Promise<PastTicket[]> {
  return tx.sql<PastTicket>(
    `select t.id, t.client_id, t.priority, t.opened_at from ticket t
     where ${OPENED} and ($5::timestamptz is null or (t.opened_at, t.id) > ($5::timestamptz, $6::uuid))
     order by t.opened_at, t.id limit $7`,
    [tx.scope.mspId, run.opened_from, run.opened_until, run.client_id, after?.at ?? null, after?.id ?? null, limit],
  );
}

/** Adds a batch to what a run came to. */
export async function addVerdicts(
  tx: AnyTransaction,
  id: WhatIfId,
  tickets: readonly PastTicket[],
  verdicts: readonly Verdicts[],
): Promise<void> {
  const groups = [...Map.groupBy(tickets, (one) => `${one.client_id}/${one.priority}`).values()];
  const breaches = (group: readonly PastTicket[], measure: string, side: 'before' | 'after'): number => {
    const ids = new Set<string>(group.map((one) => one.id));
    return verdicts.filter((one) => one.measure === measure && ids.has(one.ticket.id) && one[side] === 'breached')
      .length;
  };
  const columns = MEASURES.flatMap((measure) => [
    groups.map((group) => breaches(group, measure, 'before')),
    groups.map((group) => breaches(group, measure, 'after')),
  ]);
  await tx.sql(
    `insert into what_if_count (msp_id, what_if_id, client_id, priority, tickets, response_before, response_after, update_before, update_after, resolution_before, resolution_after)
     select $1::uuid, $2::uuid, n.* from unnest($3::uuid[], $4::smallint[], $5::integer[], $6::integer[], $7::integer[], $8::integer[], $9::integer[], $10::integer[], $11::integer[]) n
     on conflict (msp_id, what_if_id, client_id, priority) do update set
       tickets = what_if_count.tickets + excluded.tickets,
       ${MEASURES.flatMap((measure) => ['before', 'after'].map((side) => `${measure}_${side} = what_if_count.${measure}_${side} + excluded.${measure}_${side}`)).join(', ')}`,
    [
      tx.scope.mspId,
      id,
      groups.map((group) => group[0]?.client_id ?? null),
      groups.map((group) => group[0]?.priority ?? null),
      groups.map((group) => group.length),
      ...columns,
    ],
  );
  const changed = verdicts.filter(({ before, after }) => before !== after);
  if (changed.length === 0) return;
  await tx.sql(
    `insert into what_if_change (msp_id, what_if_id, client_id, ticket_id, measure, before, after)
     select $1::uuid, $2::uuid, n.* from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[]) n on conflict do nothing`,
    [
      tx.scope.mspId,
      id,
      changed.map(({ ticket }) => ticket.client_id),
      changed.map(({ ticket }) => ticket.id),
      changed.map(({ measure }) => measure),
      changed.map(({ before }) => before),
      changed.map(({ after }) => after),
    ],
  );
}
