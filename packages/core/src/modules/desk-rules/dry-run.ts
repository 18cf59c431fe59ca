import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { PastQueries, RuleSurroundings, TicketPast } from '#modules/rule-conditions';
import { type WouldRun, replayTicket } from './replay-ticket.ts';
import { type RuleDefinition, definitionSchema } from './rule-input.ts';
import { assertRuleReferences } from './rule-references.ts';
import { goOnDryRun } from './rules-jobs.ts';
import type { DeskDryRunId, DeskRuleTables, DryChange } from './rules-table.ts';

export const startDryRunInput = z.object({
  /** The rule that it is for, where it is one already. */
  ruleId: idSchema('desk-rule').optional(),
  definition: definitionSchema,
  days: z.int().min(1).max(31, { error: 'must be at most 31 days' }).default(30),
});
export const dryRunInput = z.object({ dryRunId: idSchema('desk-dry-run') });

const BATCH = 300;
/** A dry run holds its worker so long and then sends itself on, so that others get their turn. */
const BATCHES_A_JOB = 10;
/** Of tickets that are listed; the counts are of all. */
const MAX_HITS = 1000;
const MAX_KEPT = 50;

type Tx = ScopedTransaction<DeskRuleTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly past: PastQueries;
  readonly surroundings: RuleSurroundings;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Says what a rule would have done over the last weeks, from the histories of tickets. Changes no ticket. */
export class DryRun {
  readonly #db: ScopedDb<DeskRuleTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<DeskRuleTables>();
    this.#deps = deps;
  }

  /** Starts one as a job. Throws `desk-rules.reference-not-found`. */
  async start(scope: TenantScope, input: z.output<typeof startDryRunInput>): Promise<{ dryRunId: DeskDryRunId }> {
    requireWholeMsp(scope);
    const { past, jobs, audit, clock } = this.#deps;
    const now = clock.now();
    const from = now.subtract({ hours: 24 * input.days });
    const total = await past.count(scope, from);
    return this.#db.transaction(scope, async (tx) => {
      await assertRuleReferences(tx, input.definition);
      await dropOldest(tx);
      const id = newId<'desk-dry-run'>();
      await tx.query
        .insertInto('desk_dry_run')
        .values({
          msp_id: scope.mspId,
          id,
          rule_id: input.ruleId ?? null,
          definition: JSON.stringify(input.definition),
          state: 'waiting',
          from_at: from,
          until_at: now,
          total,
          looked_at: 0,
          runs: 0,
          tickets: 0,
          last_ticket_id: null,
          created_at: now,
          ended_at: null,
        })
        .execute();
      await audit.record(tx, {
        action: 'desk-rules.start-dry-run',
        subject: { kind: 'desk-dry-run', id, clientId: null },
        summary: `Tried a rule out on ${total} tickets of the last ${input.days} days`,
      });
      await jobs.send(tx, goOnDryRun, { dryRunId: id });
      return { dryRunId: id };
    });
  }

  /** Ends one that has not ended. Throws `desk-rules.dry-run-not-found`, `desk-rules.dry-run-over`. */
  async cancel(scope: TenantScope, dryRunId: DeskDryRunId): Promise<void> {
    requireWholeMsp(scope);
    await this.#db.transaction(scope, async (tx) => {
      const run = await forChange(tx, dryRunId);
      if (run === undefined) throw new NotFoundError('desk-rules.dry-run-not-found', 'There is no such dry run.');
      if (run.state === 'done' || run.state === 'cancelled')
        throw new ConflictError('desk-rules.dry-run-over', 'This dry run has ended already.');
      await this.#save(tx, dryRunId, { state: 'cancelled', ended_at: this.#deps.clock.now() });
    });
  }

  /** Does `desk-rules.go-on-dry-run`: some batches, then the next job. A batch and the note of where it ended are one transaction. */
  async goOn(scope: TenantScope, dryRunId: DeskDryRunId): Promise<void> {
    for (let batch = 0; batch < BATCHES_A_JOB; batch += 1) if (!(await this.#batch(scope, dryRunId))) return;
    await this.#db.transaction(scope, (tx) => this.#deps.jobs.send(tx, goOnDryRun, { dryRunId }));
  }

  /** True where more is to come. */
  async #batch(scope: TenantScope, dryRunId: DeskDryRunId): Promise<boolean> {
    return this.#db.transaction(scope, async (tx) => {
      const run = await forChange(tx, dryRunId);
      if (run === undefined || run.state === 'done' || run.state === 'cancelled') return false;
      const definition = definitionSchema.parse(run.definition);
      const around = await this.#deps.surroundings.of(tx.scope, [definition]);
      const window = { from: run.from_at, until: run.until_at };
      const tickets = await this.#deps.past.next(tx.scope, {
        since: run.from_at,
        after: run.last_ticket_id,
        limit: BATCH,
        needsWords: looksAtWords(definition),
      });
      const hits = tickets.flatMap((past) => {
        const found = replayTicket(definition, past, window, around);
        return found.length === 0 ? [] : [{ past, found }];
      });
      await this.#keep(tx, dryRunId, hits.slice(0, Math.max(0, MAX_HITS - run.tickets)));
      const isLast = tickets.length < BATCH;
      await this.#save(tx, dryRunId, {
        state: isLast ? 'done' : 'running',
        looked_at: run.looked_at + tickets.length,
        // Others may have been opened since it began.
        total: isLast ? run.looked_at + tickets.length : Math.max(run.total, run.looked_at + tickets.length),
        runs: run.runs + hits.reduce((sum, hit) => sum + hit.found.length, 0),
        tickets: run.tickets + hits.length,
        last_ticket_id: tickets.at(-1)?.now.id ?? run.last_ticket_id,
        ended_at: isLast ? this.#deps.clock.now() : null,
      });
      return !isLast;
    });
  }

  async #keep(
    tx: Tx,
    dryRunId: DeskDryRunId,
    hits: readonly { past: TicketPast; found: readonly WouldRun[] }[],
  ): Promise<void> {
    if (hits.length === 0) return;
    await tx.query
      .insertInto('desk_dry_run_hit')
      .values(
        hits.map(({ past, found }) => ({
          msp_id: tx.scope.mspId,
          id: newId<'desk-dry-run-hit'>(),
          client_id: past.now.clientId,
          ticket_id: past.now.id,
          dry_run_id: dryRunId,
          runs: found.length,
          first_at: found[0]?.at ?? past.now.openedAt,
          changes: JSON.stringify(changesOf(found)),
        })),
      )
      .execute();
  }

  async #save(tx: Tx, id: DeskDryRunId, change: object): Promise<void> {
    await tx.query.updateTable('desk_dry_run').set(change).where('id', '=', id).execute();
    this.#deps.live.touch(tx, { clientId: null, topic: 'desk-dry-run', id, version: 0 });
  }
}

/** What the first run would have done, each action with what it would have changed, or why not. */
function changesOf(found: readonly WouldRun[]): DryChange[] {
  return (found[0]?.plan ?? []).map(({ action, effect }): DryChange => {
    switch (effect.kind) {
      case 'set':
        return { field: effect.field, from: effect.from, to: effect.to };
      case 'choose':
        return { field: action.do, from: effect.from, to: null };
      case 'write':
      case 'snooze':
        return { field: action.do, from: null, to: effect.what ?? null };
      case 'nothing':
        return { field: action.do, from: null, to: null, why: effect.why ?? 'There was nothing to do.' };
      case 'refused':
        return { field: action.do, from: null, to: null, why: effect.why };
    }
  });
}

function looksAtWords(definition: RuleDefinition): boolean {
  return definition.if.groups.some((group) =>
    group.conditions.some(({ field }) => field === 'body' || field === 'subject-or-body'),
  );
}

async function forChange(tx: Tx, id: DeskDryRunId) {
  return tx.query.selectFrom('desk_dry_run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Results are for the moment in which somebody decides; the oldest make room. */
async function dropOldest(tx: Tx): Promise<void> {
  const old = tx.query
    .selectFrom('desk_dry_run')
    .select('id')
    .orderBy('id', 'desc')
    .offset(MAX_KEPT - 1);
  await tx.query.deleteFrom('desk_dry_run').where('id', 'in', old).execute();
}
