import type { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { DomainError } from '#kernel/errors';
import { requirePermission, type TenantScope } from '#kernel/tenant-scope';
import type { StaffAuthority } from '#modules/identity';
import type { TellStaff } from '#modules/notices';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { goOnWithBulk } from './bulk-jobs.ts';
import type { MakePersonScope } from './bulk-needs.ts';
import { countItems, reasonsOf } from './bulk-queries.ts';
import type { BulkItemState, BulkRunId, BulkTables } from './bulk-table.ts';
import type { ChangeOne } from './change-one.ts';

/** Between two batches a run can be stopped, and shows how far it is. */
const BATCH = 40;
const KEPT = Temporal.Duration.from({ hours: 30 * 24 });

interface Deps {
  readonly db: ScopedDb;
  readonly change: ChangeOne;
  readonly authority: StaffAuthority;
  readonly makePersonScope: MakePersonScope;
  readonly tell: TellStaff;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Run = Pick<BulkTables['bulk_run'], 'id' | 'state' | 'staff_id' | 'actor_kind' | 'actor_id'> & {
  change: BulkTables['bulk_run']['change']['__select__'];
};
type Item = Pick<BulkTables['bulk_item'], 'ticket_id'>;

/** Does `ticket-bulk.go-on`: each ticket in a transaction of its own with the note of how it went, so that a run that was cut off goes on where it was. */
export class GoOnWithBulk {
  readonly #db: ScopedDb<BulkTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<BulkTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope, { runId }: z.output<typeof goOnWithBulk.payload>): Promise<void> {
    const run = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('bulk_run')
        .select(['id', 'state', 'change', 'staff_id', 'actor_kind', 'actor_id'])
        .where('id', '=', runId),
    );
    if (run === undefined || (run.state !== 'running' && run.state !== 'undoing')) return;
    const person = await this.#person(scope, run);
    if (person === null) {
      await this.#end(scope, run, 'Whoever asked for this may not change tickets any more.');
      return;
    }
    const from = run.state === 'running' ? 'waiting' : 'changed';
    const items = await this.#db.read(scope, (query) =>
      query
        .selectFrom('bulk_item')
        .select('ticket_id')
        .where('run_id', '=', run.id)
        .where('state', '=', from)
        .orderBy('place')
        .limit(BATCH),
    );
    // Each by itself: one that refuses must leave its neighbours changed.
    for (const item of items) await this.#one(scope, person, run, item);
    if (items.length < BATCH) await this.#end(scope, run, null);
    else
      await this.#db.transaction(scope, async (tx) => {
        await this.#deps.jobs.send(tx, goOnWithBulk, { runId });
        this.#touch(tx, runId);
      });
  }

  /** Does `ticket-bulk.forget`. */
  async forget(scope: TenantScope): Promise<void> {
    const before = this.#deps.clock.now().subtract(KEPT);
    await this.#db.transaction(scope, (tx) =>
      tx.query.deleteFrom('bulk_run').where('created_at', '<', before).where('ended_at', 'is not', null).execute(),
    );
  }

  /** The person's scope with what they may do now; null where they may not change tickets any more. */
  async #person(scope: TenantScope, run: Run): Promise<TenantScope | null> {
    const { authority, makePersonScope } = this.#deps;
    const facts = await authority.factsOf(scope, { kind: run.actor_kind, id: run.actor_id });
    if (facts === null) return null;
    const person = makePersonScope(facts);
    try {
      requirePermission(person, 'tickets.work-tickets');
      return person;
    } catch {
      return null;
    }
  }

  async #one(scope: TenantScope, person: TenantScope, run: Run, { ticket_id: ticketId }: Item): Promise<void> {
    const isUndo = run.state === 'undoing';
    const why = await this.#try(person, run, ticketId, isUndo);
    if (why === null) return;
    const failed: BulkItemState = isUndo ? 'kept' : 'skipped';
    await this.#db.transaction(scope, (tx) =>
      tx.query
        .updateTable('bulk_item')
        .set({ state: failed, why })
        .where('run_id', '=', run.id)
        .where('ticket_id', '=', ticketId)
        .where('state', '=', isUndo ? 'changed' : 'waiting')
        .execute(),
    );
  }

  /** Null where it was done, else why not. */
  async #try(person: TenantScope, run: Run, ticketId: Item['ticket_id'], isUndo: boolean): Promise<string | null> {
    const { change } = this.#deps;
    try {
      return await this.#db.transaction(person, async (tx) => {
        const item = await tx.query
          .selectFrom('bulk_item')
          .select(['state', 'undo'])
          .where('run_id', '=', run.id)
          .where('ticket_id', '=', ticketId)
          .forUpdate()
          .executeTakeFirst();
        if (item === undefined) return 'Its client is out of reach.';
        if (item.state !== (isUndo ? 'changed' : 'waiting')) return null;
        if (isUndo && item.undo !== null) await change.undo(tx, item.undo);
        const undo = isUndo ? item.undo : await change.run(tx, ticketId, run.change);
        await tx.query
          .updateTable('bulk_item')
          .set({ state: isUndo ? 'undone' : 'changed', undo: undo === null ? null : JSON.stringify(undo) })
          .where('run_id', '=', run.id)
          .where('ticket_id', '=', ticketId)
          .execute();
        return null;
      });
    } catch (error) {
      if (error instanceof DomainError) return error.message;
      throw error;
    }
  }

  async #end(scope: TenantScope, run: Run, reason: string | null): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const now = await tx.query
        .selectFrom('bulk_run')
        .select('state')
        .where('id', '=', run.id)
        .forUpdate()
        .executeTakeFirst();
      if (now?.state !== run.state) return;
      const ended = reason === null ? (run.state === 'running' ? 'done' : 'undone') : 'stopped';
      await tx.query
        .updateTable('bulk_run')
        .set({ state: ended, reason, ended_at: this.#deps.clock.now() })
        .where('id', '=', run.id)
        .execute();
      await this.#tell(tx, run, reason);
      this.#touch(tx, run.id);
    });
  }

  async #tell(tx: ScopedTransaction<BulkTables>, run: Run, reason: string | null): Promise<void> {
    if (run.staff_id === null) return;
    const counts = await countItems(tx, run.id);
    const isUndo = run.state === 'undoing';
    const [did, not] = isUndo ? [counts.undone, counts.kept] : [counts.changed, counts.skipped];
    const skipped = not === 0 ? '' : `, ${isUndo ? 'kept' : 'skipped'} ${not.toLocaleString('en')}`;
    const why = (await reasonsOf(tx, run.id)).slice(0, 3).map(({ message, count }) => `${count}: ${message}`);
    await this.#deps.tell.run(tx, {
      staffIds: [run.staff_id],
      clientId: null,
      key: `bulk-run ${run.id} ${run.state}`,
      kind: 'other',
      title: `${isUndo ? 'Took back' : 'Changed'} ${tickets(did)}${skipped}`,
      body: [...(reason === null ? [] : [reason]), ...why].join(' ').slice(0, 500),
      path: `/tickets?bulk=${run.id}`,
    });
  }

  #touch(tx: ScopedTransaction<BulkTables>, id: BulkRunId): void {
    this.#deps.live.touch(tx, { clientId: null, topic: 'bulk-run', id, version: 0 });
  }
}

function tickets(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'ticket' : 'tickets'}`;
}
