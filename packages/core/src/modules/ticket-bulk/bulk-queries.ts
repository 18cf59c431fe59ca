import { NotFoundError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { BulkItemState, BulkRunId, BulkTables } from './bulk-table.ts';
import type { BulkRunView } from './bulk-view.ts';

const MAX_REASONS = 10;

/** Says how changes of many tickets stand. A reader is told of the tickets in reach alone. */
export class BulkQueries {
  readonly #db: ScopedDb<BulkTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<BulkTables>();
  }

  /** Throws `ticket-bulk.run-not-found`. */
  async get(scope: TenantScope, runId: BulkRunId): Promise<BulkRunView> {
    return this.#db.transaction(scope, async (tx) => {
      const run = await tx.query.selectFrom('bulk_run').selectAll().where('id', '=', runId).executeTakeFirst();
      if (run === undefined) throw bulkRunNotFound();
      const counts = await countItems(tx, runId);
      return {
        id: run.id,
        state: run.state,
        reason: run.reason,
        byName: run.actor_label,
        ...counts,
        total: Object.values(counts).reduce((sum, count) => sum + count, 0),
        reasons: await reasonsOf(tx, runId),
        startedAt: run.created_at.toString(),
        endedAt: run.ended_at?.toString() ?? null,
      };
    });
  }
}

/** How many tickets of a run are in each state. */
export async function countItems(within: AnyTransaction, runId: BulkRunId): Promise<Record<BulkItemState, number>> {
  const rows = await within
    .typed<BulkTables>()
    .query.selectFrom('bulk_item')
    .select((item) => ['state', item.fn.countAll<number>().as('count')])
    .where('run_id', '=', runId)
    .groupBy('state')
    .execute();
  const counts = { waiting: 0, changed: 0, skipped: 0, undone: 0, kept: 0 };
  for (const { state, count } of rows) counts[state] = count;
  return counts;
}

/** Why tickets were skipped or kept, the most frequent first. */
export async function reasonsOf(tx: AnyTransaction, runId: BulkRunId): Promise<BulkRunView['reasons']> {
  const rows = await tx.sql<{ message: string; count: string; numbers: number[] }>(
    `select i.why as message, count(*) as count, (array_agg(t.number order by i.place))[1:5] as numbers
     from bulk_item i join ticket t on t.msp_id = i.msp_id and t.client_id = i.client_id and t.id = i.ticket_id
     where i.msp_id = $1 and i.run_id = $2 and i.state in ('skipped', 'kept') and i.why is not null
     group by i.why order by count(*) desc, i.why limit ${MAX_REASONS}`,
    [tx.scope.mspId, runId],
  );
  return rows.map(({ message, count, numbers }) => ({ message, count: Number(count), ticketNumbers: numbers }));
}

export function bulkRunNotFound(): NotFoundError {
  return new NotFoundError('ticket-bulk.run-not-found', 'There is no such change of many tickets.');
}
