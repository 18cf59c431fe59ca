import { CallFailed, checkResult, checkVerification, type FailureName } from '@bailiwick/plugin-runtime';
import type { ActionPlan, ActionResult } from '@bailiwick/sdk';
import type { Clock } from '#kernel/clock';
import { DomainError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffAuthority } from '#modules/identity';
import type { PluginCalls } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ActionPolicies } from './action-policies.ts';
import type { ActionTarget, ActionTargets } from './action-targets.ts';
import type { ActionInput, ActionRunId, PluginActionTables } from './actions-table.ts';
import { RUN_ACTIONS } from './actions-policy.ts';
import { approvalsFor } from './approval-rules.ts';
import { hashOf, type PlanAction } from './plan-action.ts';
import type { EndRun } from './end-run.ts';
import type { RunRow, RunStore } from './run-store.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly store: RunStore;
  readonly end: EndRun;
  readonly plan: PlanAction;
  readonly targets: ActionTargets;
  readonly policies: ActionPolicies;
  readonly authority: StaffAuthority;
  readonly calls: PluginCalls;
  readonly clock: Clock;
}

/** Failures after which the vendor has surely done nothing more: the request was refused, or never left. */
const REFUSED: ReadonlySet<FailureName> = new Set([
  'AuthFailed',
  'PermissionMissing',
  'RateLimited',
  'ScopeGone',
  'ConfigInvalid',
  'NotSupported',
]);
/** Failures that may be over in a minute. */
const PASSING: ReadonlySet<FailureName> = new Set(['Transient', 'RateLimited', 'TimedOut']);

/** Tries of an action that may safely be done twice. */
const MAX_ATTEMPTS = 4;
/** What an action takes at most: it may wait for a vendor's own job. */
const APPLY_SECONDS = 300;

/** Does `plugin-actions.execute-run`: everything is checked once more, planned once more, and done once. */
export class ExecuteRun {
  readonly #db: ScopedDb<PluginActionTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginActionTables>();
    this.#deps = deps;
  }

  /** Idempotent over retries of the job. Throws `CallFailed` only where trying again is safe and may help. */
  async run(scope: TenantScope, runId: ActionRunId): Promise<void> {
    const begun = await this.#begin(scope, runId);
    if (begun === null) return;
    const { run, input } = begun;
    let target: ActionTarget;
    try {
      target = await this.#recheck(scope, run);
      if (run.undoes_id === null) {
        const plan = await this.#deps.plan.plan(scope, target, input);
        if (hashOf(target, input, plan) !== run.plan_hash) {
          const message = `What would be done now is no longer what was planned: ${plan.summary}`;
          return await this.#deps.end.run(scope, run.id, { state: 'stale', message });
        }
        await this.#assertStillAllowed(scope, run, target, plan);
      }
    } catch (error) {
      if (error instanceof DomainError)
        return this.#deps.end.run(scope, run.id, { state: 'failed', failure: error.code, message: error.message });
      throw error;
    }
    await this.#apply(scope, run, target, input);
  }

  /** Takes the run, or says what became of it where a worker died in the middle. Null where there is nothing to do. */
  async #begin(scope: TenantScope, runId: ActionRunId): Promise<{ run: RunRow; input: ActionInput } | null> {
    const { store, end, clock } = this.#deps;
    const taken = await this.#db.transaction(scope, async (tx) => {
      const run = await store.forChange(tx, runId);
      if (run.state !== 'approved' && run.state !== 'running') return null;
      if (run.is_sent && run.idempotency === 'none') return 'unknown' as const;
      await store.update(tx, run, { state: 'running', attempts: run.attempts + 1, started_at: clock.now() });
      return { run: { ...run, attempts: run.attempts + 1 }, input: await store.input(tx, run) };
    });
    if (taken !== 'unknown') return taken;
    const message = 'The work broke off after the vendor was asked. Look at the vendor whether it was done.';
    await end.run(scope, runId, { state: 'unknown', message });
    return null;
  }

  /** Everything that allowed it must still allow it: mapping, switches, grant, and whoever asked. */
  async #recheck(scope: TenantScope, run: RunRow): Promise<ActionTarget> {
    const { targets, authority } = this.#deps;
    const system = targets.systemScope(scope.mspId, run.connection_id);
    const target = await targets.resolve(system, {
      connectionId: run.connection_id,
      scopeId: run.scope_id,
      action: run.action,
    });
    if (target.clientId !== run.client_id) throw new Gone('The scope is another client’s now.');
    const isPerson = run.requester_kind === 'login' || run.requester_kind === 'api-key';
    const actor = { kind: run.requester_kind, id: run.requester_id };
    const reach = run.scope_id === null ? null : run.client_id;
    if (isPerson && !(await authority.mayStill(system, actor, RUN_ACTIONS, reach)))
      throw new Gone(`${run.requester_label} may no longer do this.`);
    return target;
  }

  /** The policy may have become stricter since; it is never more lenient than when it was asked for. */
  async #assertStillAllowed(scope: TenantScope, run: RunRow, target: ActionTarget, plan: ActionPlan): Promise<void> {
    const { policies, targets, store } = this.#deps;
    const blast = await targets.blast(target, scope.mspId, plan.affected);
    const asked = { action: target.action, plan, blast, actor: run.asked_by };
    const { verdict, why } = await policies.judge(scope, asked);
    const approvals = await this.#db.transaction(scope, (tx) => store.approvals(tx, run.id));
    const given = approvals.filter((item) => item.decision === 'approve').length;
    if (verdict === 'deny' || given < approvalsFor(verdict)) throw new Gone(`The policy no longer allows it. ${why}`);
  }

  async #apply(scope: TenantScope, run: RunRow, target: ActionTarget, input: ActionInput): Promise<void> {
    const { calls, end, store, targets } = this.#deps;
    const system = targets.systemScope(scope.mspId, run.connection_id);
    const where = {
      connectionId: run.connection_id,
      remote: target.bound,
      timeoutSeconds: APPLY_SECONDS,
      ...(run.scope_id === null ? {} : { remoteScopeId: run.scope_id }),
    };
    const undone = run.undoes_id === null ? null : await this.#resultOf(scope, run.undoes_id);
    // From here on nobody knows, unless there is an answer.
    await this.#db.transaction(scope, async (tx) => {
      const current = await store.forChange(tx, run.id);
      await store.update(tx, current, { state: 'running', is_sent: true });
    });
    let result: ActionResult;
    try {
      const name = run.action;
      const details = { idempotencyKey: run.idempotency_key, plan: run.plan, actor: run.requester_label };
      const answer =
        undone === null
          ? await calls.call(system, { ...where, call: { kind: 'apply', name, input, run: details } })
          : await calls.call(system, { ...where, call: { kind: 'undo', name, input, result: undone } });
      result = checkResult(answer, target.action);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      return this.#failed(scope, run, error);
    }
    const verification = undone === null ? await this.#verify(system, where, target, input) : null;
    const isWhole = (result.failures?.length ?? 0) === 0;
    const holds = verification === null || verification.holds;
    await end.run(scope, run.id, {
      state: !holds ? 'failed' : isWhole ? 'done' : 'partly-done',
      result,
      message: holds
        ? result.summary
        : `It was done, and does not hold: ${verification.detail ?? 'no reason was given'}`,
      ...(verification === null ? {} : { verification }),
    });
  }

  async #failed(scope: TenantScope, run: RunRow, error: CallFailed): Promise<void> {
    const isRepeatable = run.idempotency !== 'none';
    if (isRepeatable && PASSING.has(error.failure) && run.attempts < MAX_ATTEMPTS) throw error;
    const isKnown = isRepeatable || REFUSED.has(error.failure);
    await this.#deps.end.run(scope, run.id, {
      state: isKnown ? 'failed' : 'unknown',
      failure: error.failure,
      message: error.message,
    });
  }

  /** Reads back whether it holds; a reading that fails is told, and takes nothing back. */
  async #verify(
    system: TenantScope,
    where: { connectionId: RunRow['connection_id']; remote: ActionTarget['bound'] },
    target: ActionTarget,
    input: ActionInput,
  ): Promise<{ holds: boolean; detail?: string } | null> {
    if (!target.action.canVerify) return null;
    try {
      const call = { kind: 'verify' as const, name: target.action.name, input };
      return checkVerification(await this.#deps.calls.call(system, { ...where, call, readOnly: true }));
    } catch (error) {
      if (error instanceof CallFailed) return { holds: true, detail: `Could not be read back: ${error.message}` };
      throw error;
    }
  }

  async #resultOf(scope: TenantScope, runId: ActionRunId): Promise<ActionResult> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('plugin_action_run').select('result').where('id', '=', runId),
    );
    return row?.result ?? { summary: '' };
  }
}

/** What was allowed when it was asked for, and is not any more. */
class Gone extends DomainError {
  readonly kind = 'conflict';

  constructor(message: string) {
    super('plugin-actions.no-longer-allowed', message);
  }
}
