import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { defineModule, provide, worker } from '#platform/module';
import { BusinessHours } from './business-hours.ts';
import { FillOutcomes, fillOutcomes } from './fill-outcomes.ts';
import { PolicyFinder } from './policy-finder.ts';
import { MakeDefaultSla } from './make-default-sla.ts';
import { ReplayTickets } from './replay-tickets.ts';
import { RetireRules } from './retire-rules.ts';
import { RuleBook } from './rule-book.ts';
import { RulesChanged } from './rules-changed.ts';
import { SlaCalendars } from './sla-calendars.ts';
import { SlaChoices } from './sla-choices.ts';
import { slaOperations } from './sla-operations.ts';
import { slaPermissions } from './sla-permissions.ts';
import { KnownQueuesToken } from './known-queues-token.ts';
import { SlaPolicies } from './sla-policies.ts';
import { SweepWarnings, sweepWarnings } from './sweep-warnings.ts';
import { TicketSlaQueries } from './ticket-sla-queries.ts';
import { TicketSlaStore } from './ticket-sla-store.ts';
import { TicketSla } from './ticket-sla.ts';
import { TeamChoices } from './team-choices.ts';
import { WarningQueries } from './warning-queries.ts';
import { slaCommands } from './sla-commands.ts';

export const slaModule = defineModule({
  name: 'sla',
  tables: ['sla'],
  permissions: slaPermissions,
  register(container) {
    const db = () => container.resolve(ScopedDb);
    const audit = () => container.resolve(AuditTrail);
    const clock = () => container.resolve(ClockToken);
    const changed = () => container.resolve(RulesChanged);
    provide(container, BusinessHours, () => new BusinessHours());
    provide(container, RuleBook, () => new RuleBook({ db: db() }));
    provide(container, PolicyFinder, () => new PolicyFinder({ db: db() }));
    provide(container, RulesChanged, (c) => new RulesChanged({ jobs: c.resolve(JobQueue) }));
    provide(
      container,
      SlaChoices,
      (c) => new SlaChoices({ db: db(), audit: audit(), changed: changed(), clients: c.resolve(ClientQueries) }),
    );
    provide(
      container,
      TeamChoices,
      () => new TeamChoices({ db: db(), audit: audit(), changed: changed(), clock: clock() }),
    );
    provide(
      container,
      SlaPolicies,
      (c) =>
        new SlaPolicies({
          db: db(),
          audit: audit(),
          changed: changed(),
          clock: clock(),
          queues: c.resolve(KnownQueuesToken),
        }),
    );
    provide(
      container,
      SlaCalendars,
      (c) =>
        new SlaCalendars({
          db: db(),
          audit: audit(),
          changed: changed(),
          clock: clock(),
          policies: c.resolve(SlaPolicies),
        }),
    );
    provide(
      container,
      MakeDefaultSla,
      (c) =>
        new MakeDefaultSla({
          db: db(),
          calendars: c.resolve(SlaCalendars),
          policies: c.resolve(SlaPolicies),
          choices: c.resolve(SlaChoices),
        }),
    );
    provide(
      container,
      TicketSla,
      (c) =>
        new TicketSla({
          book: c.resolve(RuleBook),
          finder: c.resolve(PolicyFinder),
          store: c.resolve(TicketSlaStore),
        }),
    );
    provide(container, RetireRules, () => new RetireRules({ db: db(), audit: audit(), clock: clock() }));
    provide(container, ReplayTickets, (c) => new ReplayTickets({ db: db(), book: c.resolve(RuleBook) }));
    provide(container, WarningQueries, () => new WarningQueries({ db: db() }));
    provide(container, TicketSlaStore, () => new TicketSlaStore());
    provide(
      container,
      FillOutcomes,
      (c) =>
        new FillOutcomes({
          db: db(),
          book: c.resolve(RuleBook),
          store: c.resolve(TicketSlaStore),
          jobs: c.resolve(JobQueue),
        }),
    );
    provide(
      container,
      SweepWarnings,
      (c) =>
        new SweepWarnings({
          db: db(),
          book: c.resolve(RuleBook),
          store: c.resolve(TicketSlaStore),
          jobs: c.resolve(JobQueue),
          clock: clock(),
        }),
    );
    provide(
      container,
      TicketSlaQueries,
      (c) => new TicketSlaQueries({ db: db(), book: c.resolve(RuleBook), clock: clock() }),
    );
  },
  operations: (c) =>
    slaOperations({
      calendars: c.resolve(SlaCalendars),
      policies: c.resolve(SlaPolicies),
      choices: c.resolve(SlaChoices),
      teamChoices: c.resolve(TeamChoices),
      makeDefault: c.resolve(MakeDefaultSla),
      retire: c.resolve(RetireRules),
    }),
  jobs: (c) => [
    worker(sweepWarnings, (scope) => c.resolve(SweepWarnings).run(scope)),
    worker(fillOutcomes, (scope) => c.resolve(FillOutcomes).run(scope)),
  ],
  offlineCommands: slaCommands,
});
