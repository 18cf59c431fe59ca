import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, ForbiddenError } from '#kernel/errors';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { executeRun } from './actions-jobs.ts';
import { actionRunIdSchema, type PluginActionTables, type RunState } from './actions-table.ts';
import { approvalsFor } from './approval-rules.ts';
import type { RunRow, RunStore } from './run-store.ts';

const reason = text({ min: 0, max: 500 }).default('');
export const requestRunInput = z.object({
  runId: actionRunIdSchema,
  /** Of the plan that was read: what is asked for is this and nothing else. */
  planHash: z.string().max(100),
  reason,
});
export const decideRunInput = z.object({
  runId: actionRunIdSchema,
  planHash: z.string().max(100),
  decision: z.enum(['approve', 'reject']),
  reason,
});
export const cancelRunInput = z.object({ runId: actionRunIdSchema, reason });

type Tx = ScopedTransaction<PluginActionTables>;
type Outcome = { readonly state: RunState; readonly version: number };

interface Deps {
  readonly db: ScopedDb;
  readonly store: RunStore;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Asks for a planned action, approves it, refuses it, takes it back. Nothing is done at the vendor here: a job does it once all agree. */
export class DecideRun {
  readonly #db: ScopedDb<PluginActionTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginActionTables>();
    this.#deps = deps;
  }

  /**
   * Has the plan done, at once or after approval as the policy said. Throws `plugin-actions.run-not-found`, `plugin-actions.not-yours`, `plugin-actions.plan-changed`,
   * `plugin-actions.denied`, `plugin-actions.not-in-state`, `plugin-actions.expired`.
   */
  async request(scope: TenantScope, input: z.output<typeof requestRunInput>): Promise<Outcome> {
    return this.#change(scope, input, 'planned', async (tx, run) => {
      if (run.requester_id !== scope.actor.id)
        throw new ForbiddenError('plugin-actions.not-yours', 'Somebody else planned this. Plan it yourself.');
      if (run.verdict === 'deny') throw new ForbiddenError('plugin-actions.denied', run.why);
      const needed = approvalsFor(run.verdict);
      return this.#move(tx, run, needed === 0 ? 'approved' : 'waiting', {
        action: 'plugin-actions.request-run',
        summary: `Asked for: ${run.plan.summary}`,
        reason: input.reason,
      });
    });
  }

  /**
   * Approves or refuses what somebody else asked for. Only signed-in people decide, and never for themselves, whatever key they asked with. Throws `plugin-actions.own-request`,
   * `plugin-actions.not-a-person`, `plugin-actions.decided-before`, and as `request` does.
   */
  async decide(scope: TenantScope, input: z.output<typeof decideRunInput>): Promise<Outcome> {
    return this.#change(scope, input, 'waiting', async (tx, run) => {
      if (scope.actor.kind !== 'login')
        throw new ForbiddenError('plugin-actions.not-a-person', 'Only a signed-in person may approve.');
      if (scope.actor.id === run.person_id || scope.actor.id === run.requester_id)
        throw new ForbiddenError('plugin-actions.own-request', 'Nobody approves what they asked for themselves.');
      const { store, clock } = this.#deps;
      await store.decide(tx, run, { ...input, actorId: scope.actor.id, at: clock.now() });
      const approvals = (await store.approvals(tx, run.id)).filter((item) => item.decision === 'approve').length;
      const isEnough = approvals >= approvalsFor(run.verdict);
      const state = input.decision === 'reject' ? 'rejected' : isEnough ? 'approved' : 'waiting';
      return this.#move(tx, run, state, {
        action: `plugin-actions.${input.decision}-run`,
        summary: `${input.decision === 'approve' ? 'Approved' : 'Refused'}: ${run.plan.summary}`,
        reason: input.reason,
      });
    });
  }

  /** Takes back what was not begun. Throws `plugin-actions.not-in-state`. */
  async cancel(scope: TenantScope, input: z.output<typeof cancelRunInput>): Promise<Outcome> {
    return this.#db.transaction(scope, async (tx) => {
      const run = await this.#deps.store.forChange(tx, input.runId);
      if (!['planned', 'waiting', 'approved'].includes(run.state)) throw notInState(run);
      return this.#move(tx, run, 'cancelled', {
        action: 'plugin-actions.cancel-run',
        summary: `Took back: ${run.plan.summary}`,
        reason: input.reason,
      });
    });
  }

  async #change(
    scope: TenantScope,
    input: { runId: RunRow['id']; planHash: string },
    from: RunState,
    work: (tx: Tx, run: RunRow) => Promise<Outcome>,
  ): Promise<Outcome> {
    return this.#db.transaction(scope, async (tx) => {
      const run = await this.#deps.store.forChange(tx, input.runId);
      if (run.state !== from) throw notInState(run);
      if (Temporal.Instant.compare(run.expires_at, this.#deps.clock.now()) <= 0)
        throw new ConflictError('plugin-actions.expired', 'The plan is too old. Plan it again.');
      if (run.plan_hash !== input.planHash)
        throw new ConflictError('plugin-actions.plan-changed', 'This is not the plan that you read. Look at it again.');
      return work(tx, run);
    });
  }

  async #move(
    tx: Tx,
    run: RunRow,
    state: RunState,
    entry: { action: string; summary: string; reason: string },
  ): Promise<Outcome> {
    const { store, audit, jobs, live, clock } = this.#deps;
    const isOver = state === 'rejected' || state === 'cancelled';
    const version = await store.update(tx, run, {
      state,
      ...(run.state === 'planned' ? { reason: entry.reason } : {}),
      ...(isOver ? { ended_at: clock.now(), message: entry.reason } : {}),
    });
    await audit.record(tx, {
      action: entry.action,
      subject: { kind: 'plugin-action-run', id: run.id, clientId: run.client_id },
      summary: entry.summary,
      after: {
        action: run.action,
        input: run.shown_input,
        blast: run.blast,
        why: run.why,
        reason: entry.reason,
        state,
      },
    });
    if (state === 'approved') await jobs.send(tx, executeRun, { runId: run.id }, { singletonKey: run.id });
    live.touch(tx, { clientId: run.client_id, topic: 'plugin-action-run', id: run.id, version });
    return { state, version };
  }
}

export function notInState(run: Pick<RunRow, 'state'>): ConflictError {
  return new ConflictError('plugin-actions.not-in-state', `This is ${run.state} already.`);
}
