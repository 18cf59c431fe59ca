import type { ActionPlan } from '@bailiwick/sdk';
import { CallFailed, checkPlan, planHash } from '@bailiwick/plugin-runtime';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { UnavailableError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffAuthority } from '#modules/identity';
import { connectionIdSchema, type PluginCalls } from '#modules/plugin-host';
import { remoteScopeIdSchema } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import { checkInput, withoutSecretFields } from './action-input.ts';
import { actorKindOf, type ActionPolicies } from './action-policies.ts';
import type { ActionTarget, ActionTargets } from './action-targets.ts';
import type { ActionInput, ActionRunId, PluginActionTables } from './actions-table.ts';
import type { RunStore } from './run-store.ts';

export const planActionInput = z.object({
  connectionId: connectionIdSchema,
  scopeId: remoteScopeIdSchema.optional(),
  action: text({ max: 100 }),
  /** Fields of the action's own form. */
  input: z.record(z.string().max(100), z.json()),
});
export type PlanActionInput = z.output<typeof planActionInput>;

/** As long as what was read while planning may be trusted to be much the same; then it is planned anew. */
const PLAN_HOURS = 24;

interface Deps {
  readonly db: ScopedDb;
  readonly store: RunStore;
  readonly targets: ActionTargets;
  readonly policies: ActionPolicies;
  readonly calls: PluginCalls;
  readonly authority: StaffAuthority;
  readonly clock: Clock;
}

/** Asks a plugin what an action would do, counts whom it reaches, and says what the policy makes of it. Changes nothing at the vendor. */
export class PlanAction {
  readonly #db: ScopedDb<PluginActionTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginActionTables>();
    this.#deps = deps;
  }

  /** Throws what `ActionTargets.resolve` throws, `plugin-actions.input-refused`, `plugin-actions.record-not-found`, `plugin-actions.plan-failed`. */
  async run(scope: TenantScope, wanted: PlanActionInput): Promise<{ runId: ActionRunId }> {
    const { targets, store } = this.#deps;
    const target = await targets.resolve(scope, { ...wanted, scopeId: wanted.scopeId ?? null });
    const input = checkInput(target.action.input, wanted.input);
    await targets.assertOwnRecords(target, scope.mspId, input);
    const plan = await this.plan(scope, target, input);
    const row = await this.#row(scope, target, input, plan);
    await this.#db.transaction(scope, (tx) => store.insert(tx, row, input));
    return { runId: row.id };
  }

  /** The plugin's plan, checked. Throws `plugin-actions.plan-failed`. */
  async plan(scope: TenantScope, target: ActionTarget, input: ActionInput): Promise<ActionPlan> {
    const { calls, targets } = this.#deps;
    try {
      const answer = await calls.call(targets.systemScope(scope.mspId, target.connection.id), {
        connectionId: target.connection.id,
        remote: target.bound,
        ...(target.remote === null ? {} : { remoteScopeId: target.remote.id }),
        call: { kind: 'plan', name: target.action.name, input },
        readOnly: true,
      });
      return checkPlan(answer);
    } catch (error) {
      if (error instanceof CallFailed)
        throw new UnavailableError('plugin-actions.plan-failed', `The plan failed: ${error.message}`, { cause: error });
      throw error;
    }
  }

  async #row(scope: TenantScope, target: ActionTarget, input: ActionInput, plan: ActionPlan) {
    const { targets, policies, authority, clock } = this.#deps;
    const { connection, action, remote } = target;
    const blast = await targets.blast(target, scope.mspId, plan.affected);
    const system = targets.systemScope(scope.mspId, connection.id);
    const askedBy = actorKindOf(scope);
    const verdict = await policies.judge(system, { action, plan, blast, actor: askedBy });
    const now = clock.now();
    return {
      msp_id: scope.mspId,
      id: newId<'plugin-action-run'>(),
      client_id: target.clientId,
      connection_id: connection.id,
      scope_id: remote?.id ?? null,
      undoes_id: null,
      action: action.name,
      label: action.label,
      effect: action.effect,
      idempotency: action.idempotency,
      shown_input: JSON.stringify(withoutSecretFields(action.input, input)),
      plan: JSON.stringify(plan),
      plan_hash: hashOf(target, input, plan),
      blast: JSON.stringify(blast),
      ...verdict,
      state: 'planned' as const,
      asked_by: askedBy,
      requester_kind: scope.actor.kind,
      requester_id: scope.actor.id,
      requester_label: scope.actor.label,
      person_id: await authority.personBehind(system, scope.actor),
      idempotency_key: newId(),
      failure: null,
      planned_at: now,
      expires_at: now.add({ hours: PLAN_HOURS }),
      started_at: null,
      ended_at: null,
    };
  }
}

/** The hash that people approve; secrets are left out of it, for it is shown, and the input itself cannot change. */
export function hashOf(target: ActionTarget, input: ActionInput, plan: ActionPlan): string {
  return planHash(target.action.name, withoutSecretFields(target.action.input, input), plan);
}
