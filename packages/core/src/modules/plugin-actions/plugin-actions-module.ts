import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { StaffAuthority } from '#modules/identity';
import { ConnectionIssues, ConnectionQueries, MakePluginScopeToken, PluginCalls } from '#modules/plugin-host';
import { ScopeQueries } from '#modules/plugin-scopes';
import { EntityQueries } from '#modules/plugin-sync';
import { MspQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, provide, worker } from '#platform/module';
import { SecretBox } from '#platform/secrets/secret-box';
import { ActionCatalogue } from './action-catalogue.ts';
import { ActionPolicies } from './action-policies.ts';
import { ActionTargets } from './action-targets.ts';
import { executeRun, sweepActions } from './actions-jobs.ts';
import { actionPermissions } from './actions-policy.ts';
import { DecideRun } from './decide-run.ts';
import { EndRun } from './end-run.ts';
import { ExecuteRun } from './execute-run.ts';
import { PlanAction } from './plan-action.ts';
import { runOperations } from './run-operations.ts';
import { RunQueries } from './run-queries.ts';
import { RunStore } from './run-store.ts';
import { SettleRun } from './settle-run.ts';
import { SweepActions } from './sweep-actions.ts';

export const pluginActionsModule = defineModule({
  name: 'plugin-actions',
  tables: ['plugin_action'],
  permissions: actionPermissions,
  register(container) {
    registerActions(container);
  },
  operations: (c) => ({
    ...runOperations({
      catalogue: c.resolve(ActionCatalogue),
      plan: c.resolve(PlanAction),
      decide: c.resolve(DecideRun),
      settle: c.resolve(SettleRun),
      runs: c.resolve(RunQueries),
      policies: c.resolve(ActionPolicies),
    }),
  }),
  jobs: (c) => [
    worker(executeRun, (scope, payload) => c.resolve(ExecuteRun).run(scope, payload.runId)),
    worker(sweepActions, (scope) => c.resolve(SweepActions).run(scope)),
  ],
});

function registerActions(container: DependencyContainer): void {
  provide(container, RunStore, (c) => new RunStore({ box: c.resolve(SecretBox) }));
  provide(
    container,
    ActionTargets,
    (c) =>
      new ActionTargets({
        connections: c.resolve(ConnectionQueries),
        scopes: c.resolve(ScopeQueries),
        entities: c.resolve(EntityQueries),
        makePluginScope: c.resolve(MakePluginScopeToken),
      }),
  );
  provide(container, ActionPolicies, (c) => new ActionPolicies({ ...basics(c), msps: c.resolve(MspQueries) }));
  provide(container, RunQueries, (c) => new RunQueries(basics(c)));
  provide(
    container,
    ActionCatalogue,
    (c) =>
      new ActionCatalogue({
        targets: c.resolve(ActionTargets),
        scopes: c.resolve(ScopeQueries),
        connections: c.resolve(ConnectionQueries),
      }),
  );
  provide(container, EndRun, (c) => new EndRun(basics(c)));
  provide(container, PlanAction, (c) => new PlanAction(steps(c)));
  provide(container, DecideRun, (c) => new DecideRun(basics(c)));
  provide(container, SettleRun, (c) => new SettleRun(steps(c)));
  provide(container, ExecuteRun, (c) => new ExecuteRun({ ...steps(c), plan: c.resolve(PlanAction) }));
  provide(container, SweepActions, (c) => new SweepActions({ ...basics(c), end: c.resolve(EndRun) }));
}

/** What nearly every part here is made of. */
function basics(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    store: c.resolve(RunStore),
    issues: c.resolve(ConnectionIssues),
    audit: c.resolve(AuditTrail),
    jobs: c.resolve(JobQueue),
    live: c.resolve(LiveHub),
    clock: c.resolve(ClockToken),
  };
}

/** What each step of an action checks and does. */
function steps(c: DependencyContainer) {
  return {
    ...basics(c),
    end: c.resolve(EndRun),
    targets: c.resolve(ActionTargets),
    policies: c.resolve(ActionPolicies),
    authority: c.resolve(StaffAuthority),
    calls: c.resolve(PluginCalls),
  };
}
