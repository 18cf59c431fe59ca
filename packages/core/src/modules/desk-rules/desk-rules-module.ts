import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { RunMacro } from '#modules/replies';
import { slaRulesChanged } from '#modules/sla';
import { ticketChanged, ticketCommented, ticketOpened } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, on, provide, worker } from '#platform/module';
import { ApplyActions } from '#modules/rule-actions';
import { FactsQueries, MomentQueries, PastQueries, RuleSurroundings } from '#modules/rule-conditions';
import { DryRun } from './dry-run.ts';
import { ForgetRuns } from './forget-runs.ts';
import { ListenToTickets } from './listen-to-tickets.ts';
import { MakeRuleScopeToken } from './make-rule-scope-token.ts';
import { RuleBook } from './rule-book.ts';
import { ruleOperations } from './rule-operations.ts';
import { RuleQueries } from './rule-queries.ts';
import { RuleStore } from './rule-store.ts';
import { forgetRuns, goOnDryRun, lookAtAll, runRules, runSchedule, sweepRules } from './rules-jobs.ts';
import { deskRulePermissions } from './rules-policy.ts';
import { RunLog } from './run-log.ts';
import { RunRule } from './run-rule.ts';
import { RunRules } from './run-rules.ts';
import { RunSchedule } from './run-schedule.ts';
import { SaveRule } from './save-rule.ts';
import { SweepRules } from './sweep-rules.ts';
import { TimerStore } from './timer-store.ts';

export const deskRulesModule = defineModule({
  name: 'desk-rules',
  tables: ['desk_rule', 'desk_dry_run'],
  permissions: deskRulePermissions,
  register(container) {
    registerParts(container);
    registerUseCases(container);
  },
  operations: (c) =>
    ruleOperations({ queries: c.resolve(RuleQueries), save: c.resolve(SaveRule), dryRun: c.resolve(DryRun) }),
  subscriptions: (c) => [
    on(ticketOpened, 'ask-rules', (scope, { eventId, version, payload }) =>
      c.resolve(ListenToTickets).heard(scope, { eventId, version, ...payload }, { kind: 'opened' }),
    ),
    on(ticketChanged, 'ask-rules', (scope, { eventId, version, payload }) =>
      c.resolve(ListenToTickets).heard(scope, { eventId, version, ...payload }, { kind: 'changed' }),
    ),
    on(ticketCommented, 'ask-rules', async (scope, { eventId, version, payload }) => {
      // What the platform itself writes, rules among it, is no news to rules: else each could answer the other.
      if (payload.author === 'system') return;
      const { commentId, author, visibility } = payload;
      await c.resolve(ListenToTickets).heard(
        scope,
        { eventId, version, ...payload },
        {
          kind: 'commented',
          by: author === 'contact' ? 'client' : 'staff',
          visibility: visibility === 'public' ? 'public' : 'internal',
          commentId,
        },
      );
    }),
    on(slaRulesChanged, 'look-at-all', (scope) => c.resolve(SweepRules).lookAtAll(scope)),
  ],
  jobs: (c) => [
    worker(runRules, (scope, payload) => c.resolve(RunRules).run(scope, payload)),
    worker(sweepRules, (scope) => c.resolve(SweepRules).run(scope)),
    worker(lookAtAll, (scope) => c.resolve(SweepRules).lookAtAll(scope)),
    worker(runSchedule, (scope, payload) => c.resolve(RunSchedule).run(scope, payload)),
    worker(goOnDryRun, (scope, { dryRunId }) => c.resolve(DryRun).goOn(scope, dryRunId)),
    worker(forgetRuns, (scope) => c.resolve(ForgetRuns).run(scope)),
  ],
});

function registerParts(container: DependencyContainer): void {
  const db = () => container.resolve(ScopedDb);
  provide(container, RuleStore, () => new RuleStore());
  provide(container, TimerStore, () => new TimerStore());
  provide(container, RuleBook, () => new RuleBook({ db: db() }));
  provide(container, RunLog, () => new RunLog({ db: db() }));
}

/** What nearly every use case is given; each takes of it what it declares. */
function shared(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    store: c.resolve(RuleStore),
    book: c.resolve(RuleBook),
    log: c.resolve(RunLog),
    timers: c.resolve(TimerStore),
    moments: c.resolve(MomentQueries),
    facts: c.resolve(FactsQueries),
    surroundings: c.resolve(RuleSurroundings),
    audit: c.resolve(AuditTrail),
    jobs: c.resolve(JobQueue),
    live: c.resolve(LiveHub),
    clock: c.resolve(ClockToken),
  };
}

function registerUseCases(container: DependencyContainer): void {
  provide(container, SaveRule, (c) => new SaveRule({ ...shared(c), macros: c.resolve(RunMacro) }));
  provide(container, RuleQueries, (c) => new RuleQueries(shared(c)));
  provide(container, DryRun, (c) => new DryRun({ ...shared(c), past: c.resolve(PastQueries) }));
  provide(
    container,
    RunRule,
    (c) => new RunRule({ ...shared(c), apply: c.resolve(ApplyActions), makeRuleScope: c.resolve(MakeRuleScopeToken) }),
  );
  provide(
    container,
    RunRules,
    (c) => new RunRules({ ...shared(c), runRule: c.resolve(RunRule), rules: c.resolve(SaveRule) }),
  );
  provide(container, ListenToTickets, (c) => new ListenToTickets(shared(c)));
  provide(container, SweepRules, (c) => new SweepRules({ ...shared(c), rules: c.resolve(RunRules) }));
  provide(container, RunSchedule, (c) => new RunSchedule({ ...shared(c), rules: c.resolve(RunRules) }));
  provide(container, ForgetRuns, (c) => new ForgetRuns(shared(c)));
}
