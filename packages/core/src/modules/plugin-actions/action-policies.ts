import { z } from 'zod';
import type { ActionPlan } from '@bailiwick/sdk';
import type { ActionDescription } from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { MspQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { PluginActionTables } from './actions-table.ts';
import {
  actionRule,
  DEFAULT_HOURS,
  DEFAULT_RULES,
  judge,
  workingHours,
  type ActorKind,
  type Verdict,
} from './approval-rules.ts';
import type { BlastRadius } from './blast-radius.ts';

export const policyView = z.object({
  rules: z.array(actionRule).max(100),
  workingHours,
  /** False while the defaults hold. */
  isOwn: z.boolean(),
  version: z.int(),
});
export type PolicyView = z.output<typeof policyView>;
export const updatePolicyInput = policyView.omit({ isOwn: true });

interface Deps {
  readonly db: ScopedDb;
  readonly msps: MspQueries;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Which actions run, which need approval, and which are denied; an MSP's own rules in the place of the defaults. */
export class ActionPolicies {
  readonly #db: ScopedDb<PluginActionTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginActionTables>();
    this.#deps = deps;
  }

  async get(scope: TenantScope): Promise<PolicyView> {
    const row = await this.#db.readFirst(scope, (query) => query.selectFrom('plugin_action_policy').selectAll());
    if (row === undefined) return { rules: [...DEFAULT_RULES], workingHours: DEFAULT_HOURS, isOwn: false, version: 0 };
    return { rules: row.rules, workingHours: row.working_hours, isOwn: true, version: row.version };
  }

  /** Throws `plugin-actions.policy-changed` on a stale version. Needs reach over all clients. */
  async update(scope: TenantScope, input: z.output<typeof updatePolicyInput>): Promise<{ version: number }> {
    requireWholeMsp(scope);
    const before = await this.get(scope);
    return this.#db.transaction(scope, async (tx) => {
      const row = {
        rules: JSON.stringify(input.rules),
        working_hours: JSON.stringify(input.workingHours),
        version: input.version + 1,
      };
      const result = await tx.query
        .insertInto('plugin_action_policy')
        .values({ msp_id: scope.mspId, ...row })
        .onConflict((conflict) =>
          conflict.column('msp_id').doUpdateSet(row).where('plugin_action_policy.version', '=', input.version),
        )
        .executeTakeFirst();
      if (result.numInsertedOrUpdatedRows === 0n || before.version !== input.version)
        throw new ConflictError(
          'plugin-actions.policy-changed',
          'Somebody else changed the policy meanwhile. Look at it again, then repeat your change.',
        );
      await this.#deps.audit.record(tx, {
        action: 'plugin-actions.update-policy',
        subject: { kind: 'plugin-action-policy', id: scope.mspId, clientId: null },
        summary: 'Changed which actions of plugins need approval',
        before,
        after: input,
      });
      return { version: input.version + 1 };
    });
  }

  /** What the policy says of a plan now. `scope` may be anybody's of the MSP. */
  async judge(
    scope: TenantScope,
    asked: {
      action: Pick<ActionDescription, 'effect'>;
      plan: Pick<ActionPlan, 'disruption'>;
      blast: BlastRadius;
      actor: ActorKind;
    },
  ): Promise<{ verdict: Verdict; why: string }> {
    const policy = await this.get(scope);
    const { timeZone } = await this.#deps.msps.get(scope);
    return judge(policy.rules, policy.workingHours, {
      effect: asked.action.effect,
      blast: asked.blast,
      disruption: asked.plan.disruption,
      actor: asked.actor,
      at: this.#deps.clock.now().toZonedDateTimeISO(timeZone),
    });
  }
}

/** Only a signed-in person is one: a key is used by programs, and over the Model Context Protocol by those that decide by themselves. */
export function actorKindOf({ actor, isAskedByAi }: Pick<TenantScope, 'actor' | 'isAskedByAi'>): ActorKind {
  if (isAskedByAi === true) return 'ai';
  return actor.kind === 'login' ? 'person' : 'automation';
}
