import type { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { ticketNotFound, type StaffIdentity, type TicketQueries, type TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { BulkChange, startBulkInput, startBulkOnListInput } from './bulk-input.ts';
import { goOnWithBulk } from './bulk-jobs.ts';
import { bulkRunNotFound } from './bulk-queries.ts';
import type { BulkRunId, BulkState, BulkTables } from './bulk-table.ts';

/** More is no edit, but a migration: narrower filters one after the other do it all the same. */
export const MAX_TICKETS = 10_000;

type Tables = BulkTables & TicketTables;

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketQueries;
  readonly staff: StaffIdentity;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Begins, stops and takes back changes of many tickets; a job does them. */
export class ChangeMany {
  readonly #db: ScopedDb<Tables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<Tables>();
    this.#deps = deps;
  }

  /** Changes the tickets that are named. Throws `tickets.ticket-not-found`. */
  async start(scope: TenantScope, { ticketIds, change }: z.output<typeof startBulkInput>): Promise<Started> {
    return this.#begin(scope, await this.#named(scope, ticketIds), change);
  }

  /** Changes the tickets that a list holds at this moment. Throws `ticket-bulk.no-tickets`, `ticket-bulk.too-many-tickets`. */
  async startOnList(scope: TenantScope, input: z.output<typeof startBulkOnListInput>): Promise<Started> {
    return this.#begin(scope, await this.#matching(scope, input.filter), input.change);
  }

  async #begin(scope: TenantScope, found: readonly Found[], change: BulkChange): Promise<Started> {
    const { staff, audit, jobs, clock } = this.#deps;
    const staffId = await staff.of(scope);
    return this.#db.transaction(scope, async (tx) => {
      const runId: BulkRunId = newId();
      await tx.query
        .insertInto('bulk_run')
        .values({
          msp_id: scope.mspId,
          id: runId,
          change: JSON.stringify(change),
          state: 'running',
          reason: null,
          staff_id: staffId,
          actor_kind: scope.actor.kind,
          actor_id: scope.actor.id,
          actor_label: scope.actor.label,
          created_at: clock.now(),
          ended_at: null,
        })
        .execute();
      await tx.sql(
        `insert into bulk_item (msp_id, run_id, client_id, ticket_id, place, state)
         select $1, $2, t.client_id, t.id, t.place, 'waiting' from unnest($3::uuid[], $4::uuid[]) with ordinality t(client_id, id, place)`,
        [scope.mspId, runId, found.map((row) => row.client_id), found.map((row) => row.id)],
      );
      const { note, ...rest } = change;
      await audit.record(tx, {
        action: 'ticket-bulk.start',
        subject: { kind: 'bulk-run', id: runId, clientId: null },
        summary: `Began to change ${found.length} tickets at once`,
        after: { ...rest, ...(note === undefined ? {} : { note: 'an internal note' }) },
      });
      await jobs.send(tx, goOnWithBulk, { runId });
      return { runId, total: found.length };
    });
  }

  /** Leaves the tickets that are not changed yet as they are. Throws `ticket-bulk.run-not-found`, `ticket-bulk.run-over`. */
  async stop(scope: TenantScope, runId: BulkRunId): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      await lockRun(tx, runId, ['running']);
      await this.#set(tx, runId, { state: 'stopped', ended_at: this.#deps.clock.now() });
    });
  }

  /** Takes back what it changed, in the caller's name. Throws `ticket-bulk.run-not-found`, `ticket-bulk.run-over` while it runs and where it was taken back. */
  async undo(scope: TenantScope, runId: BulkRunId): Promise<void> {
    const { audit, jobs, staff } = this.#deps;
    const staffId = await staff.of(scope);
    await this.#db.transaction(scope, async (tx) => {
      await lockRun(tx, runId, ['done', 'stopped']);
      const { kind, id, label } = scope.actor;
      await this.#set(tx, runId, {
        state: 'undoing',
        reason: null,
        staff_id: staffId,
        actor_kind: kind,
        actor_id: id,
        actor_label: label,
        ended_at: null,
      });
      await audit.record(tx, {
        action: 'ticket-bulk.undo',
        subject: { kind: 'bulk-run', id: runId, clientId: null },
        summary: 'Began to take back a change of many tickets',
      });
      await jobs.send(tx, goOnWithBulk, { runId });
    });
  }

  async #set(tx: ScopedTransaction<Tables>, id: BulkRunId, change: object): Promise<void> {
    await tx.query.updateTable('bulk_run').set(change).where('id', '=', id).execute();
    this.#deps.live.touch(tx, { clientId: null, topic: 'bulk-run', id, version: 0 });
  }

  async #named(scope: TenantScope, ticketIds: readonly string[]): Promise<Found[]> {
    const ids = [...new Set(ticketIds)];
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('ticket')
        .select(['id', 'client_id'])
        .where('id', 'in', ids as never[]),
    );
    if (rows.length < ids.length) throw ticketNotFound();
    const place = new Map(ids.map((id, index) => [id, index]));
    return rows.toSorted((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
  }

  async #matching(scope: TenantScope, filter: z.output<typeof startBulkOnListInput>['filter']): Promise<Found[]> {
    const page = await this.#deps.tickets.rows(scope, { ...filter, sort: 'updated', limit: MAX_TICKETS });
    if (page.items.length === 0)
      throw new ConflictError('ticket-bulk.no-tickets', 'No ticket matches any more, so nothing was changed.');
    if (page.nextCursor !== null)
      throw new InvalidInputError(
        'ticket-bulk.too-many-tickets',
        `More than ${MAX_TICKETS.toLocaleString('en')} tickets match. Narrow the list, and change them in parts.`,
        { fields: [{ path: ['filter'], message: `matches more than ${MAX_TICKETS.toLocaleString('en')} tickets` }] },
      );
    return page.items;
  }
}

interface Started {
  readonly runId: BulkRunId;
  readonly total: number;
}
type Found = Pick<TicketTables['ticket'], 'id' | 'client_id'>;

/** Locks a run in one of some states. Throws `ticket-bulk.run-not-found`, `ticket-bulk.run-over`. */
async function lockRun(tx: ScopedTransaction<Tables>, id: BulkRunId, states: readonly BulkState[]): Promise<void> {
  const run = await tx.query.selectFrom('bulk_run').select('state').where('id', '=', id).forUpdate().executeTakeFirst();
  if (run === undefined) throw bulkRunNotFound();
  if (states.includes(run.state)) return;
  const words = { running: 'is under way', undoing: 'is being taken back', undone: 'was taken back' };
  const now = run.state in words ? words[run.state as keyof typeof words] : 'has ended';
  throw new ConflictError('ticket-bulk.run-over', `This change ${now} already.`);
}
