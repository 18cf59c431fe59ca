import type { ActionPlan } from '@bailiwick/sdk';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffAuthority } from '#modules/identity';
import type { ConnectionIssues } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import { actorKindOf, type ActionPolicies } from './action-policies.ts';
import type { ActionTargets } from './action-targets.ts';
import { actionRunIdSchema, type ActionRunId, type PluginActionTables } from './actions-table.ts';
import { notInState } from './decide-run.ts';
import { unknownIssue, type EndRun } from './end-run.ts';
import { hashOf } from './plan-action.ts';
import type { RunRow, RunStore } from './run-store.ts';

export const settleRunInput = z.object({
  runId: actionRunIdSchema,
  wasDone: z.boolean(),
  reason: text({ max: 500 }),
});
export const planUndoInput = z.object({ runId: actionRunIdSchema });

/** As long as people remember what they wanted to take back. */
const UNDO_HOURS = 24;

interface Deps {
  readonly db: ScopedDb;
  readonly store: RunStore;
  readonly end: EndRun;
  readonly targets: ActionTargets;
  readonly policies: ActionPolicies;
  readonly authority: StaffAuthority;
  readonly issues: ConnectionIssues;
  readonly clock: Clock;
}

/** What people do about actions that are over: say what became of one, or plan to take it back. */
export class SettleRun {
  readonly #db: ScopedDb<PluginActionTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginActionTables>();
    this.#deps = deps;
  }

  /** Says whether what nobody knew of was done. Throws `plugin-actions.run-not-found`, `plugin-actions.not-in-state`. */
  async settle(scope: TenantScope, input: z.output<typeof settleRunInput>): Promise<Record<string, never>> {
    const settled = await this.#db.transaction(scope, async (tx) => {
      const run = await this.#deps.store.forChange(tx, input.runId);
      if (run.state !== 'unknown') throw notInState(run);
      const message = `${scope.actor.label}: ${input.reason}`;
      await this.#deps.end.run(tx.scope, run.id, { state: input.wasDone ? 'done' : 'failed', message }, tx);
      return run;
    });
    // The issue stands at the MSP's connection, which who reaches only this client does not.
    const system = this.#deps.targets.systemScope(scope.mspId, settled.connection_id);
    await this.#db.transaction(system, (tx) => this.#deps.issues.close(tx, unknownIssue(settled)));
    return {};
  }

  /**
   * Plans to take an action back: a run of its own, judged by the policy as the first was. Throws `plugin-actions.cannot-undo`, `plugin-actions.undone-before`, and what
   * `ActionTargets.resolve` throws.
   */
  async planUndo(scope: TenantScope, { runId }: z.output<typeof planUndoInput>): Promise<{ runId: ActionRunId }> {
    const { store, targets, policies, authority } = this.#deps;
    const run = await this.#db.transaction(scope, (tx) => store.forChange(tx, runId));
    const target = await targets.resolve(scope, {
      connectionId: run.connection_id,
      scopeId: run.scope_id,
      action: run.action,
    });
    if (!target.action.canUndo || run.undoes_id !== null || (run.state !== 'done' && run.state !== 'partly-done'))
      throw new ConflictError('plugin-actions.cannot-undo', 'This cannot be taken back.');
    const plan = takenBack(run.plan);
    const blast = await targets.blast(target, scope.mspId, plan.affected);
    const system = targets.systemScope(scope.mspId, run.connection_id);
    const verdict = await policies.judge(system, {
      action: target.action,
      plan,
      blast,
      actor: actorKindOf(scope),
    });
    const person = await authority.personBehind(system, scope.actor);
    return this.#db.transaction(scope, async (tx) => {
      await this.#assertFirst(scope, runId);
      const input = await store.input(tx, run);
      const hash = hashOf(target, input, plan);
      const row = {
        ...this.#undoing(scope, run, person),
        plan: JSON.stringify(plan),
        plan_hash: hash,
        blast: JSON.stringify(blast),
        ...verdict,
      };
      await store.insert(tx, row, input);
      return { runId: row.id };
    });
  }

  /** The row of a run that takes another one back, without what was planned and judged. */
  #undoing(scope: TenantScope, run: RunRow, person: string | null) {
    const now = this.#deps.clock.now();
    return {
      msp_id: scope.mspId,
      id: newId<'plugin-action-run'>(),
      client_id: run.client_id,
      connection_id: run.connection_id,
      scope_id: run.scope_id,
      undoes_id: run.id,
      action: run.action,
      label: run.label,
      effect: run.effect,
      idempotency: run.idempotency,
      shown_input: JSON.stringify(run.shown_input),
      state: 'planned' as const,
      asked_by: actorKindOf(scope),
      requester_kind: scope.actor.kind,
      requester_id: scope.actor.id,
      requester_label: scope.actor.label,
      person_id: person,
      idempotency_key: newId(),
      failure: null,
      planned_at: now,
      expires_at: now.add({ hours: UNDO_HOURS }),
      started_at: null,
      ended_at: null,
    };
  }

  async #assertFirst(scope: TenantScope, runId: ActionRunId): Promise<void> {
    const undone = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('plugin_action_run')
        .select('id')
        .where('undoes_id', '=', runId)
        .where('state', 'in', ['waiting', 'approved', 'running', 'done', 'partly-done', 'unknown']),
    );
    if (undone !== undefined)
      throw new ConflictError('plugin-actions.undone-before', 'Taking this back was asked for already.');
  }
}

/** The plan the other way round. */
function takenBack(plan: ActionPlan): ActionPlan {
  return {
    ...plan,
    summary: `Take back: ${plan.summary}`,
    changes: plan.changes.map(({ what, from, to }) => ({
      what,
      ...(to === undefined ? {} : { from: to }),
      ...(from === undefined ? {} : { to: from }),
    })),
  };
}
