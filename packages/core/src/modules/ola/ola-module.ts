import { defineQuery } from '#kernel/operation';
import { ClockToken } from '#kernel/tokens';
import { RuleBook, slaRulesChanged, TeamChoices } from '#modules/sla';
import { ticketTeamWork, TicketQueries, TicketStore } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, on, provide, worker } from '#platform/module';
import { FollowTeams, followTeams } from './follow-teams.ts';
import { OlaStore } from './ola-store.ts';
import { StayQueries, ticketStaysInput, ticketStaysView } from './stay-queries.ts';
import { StayWarningQueries } from './stay-warning-queries.ts';
import { SweepStayWarnings, sweepStayWarnings } from './sweep-stay-warnings.ts';

export const olaModule = defineModule({
  name: 'ola',
  tables: ['ola'],
  permissions: [],
  register(container) {
    provide(container, OlaStore, () => new OlaStore());
    provide(container, StayWarningQueries, (c) => new StayWarningQueries({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      StayQueries,
      (c) => new StayQueries({ db: c.resolve(ScopedDb), book: c.resolve(RuleBook), clock: c.resolve(ClockToken) }),
    );
    provide(
      container,
      FollowTeams,
      (c) =>
        new FollowTeams({
          db: c.resolve(ScopedDb),
          tickets: c.resolve(TicketStore),
          store: c.resolve(OlaStore),
          book: c.resolve(RuleBook),
          choices: c.resolve(TeamChoices),
          jobs: c.resolve(JobQueue),
          live: c.resolve(LiveHub),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(
      container,
      SweepStayWarnings,
      (c) =>
        new SweepStayWarnings({
          db: c.resolve(ScopedDb),
          book: c.resolve(RuleBook),
          store: c.resolve(OlaStore),
          jobs: c.resolve(JobQueue),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) => ({
    listStays: defineQuery({
      name: 'ola.list-stays',
      permission: 'tickets.read-tickets',
      input: ticketStaysInput,
      output: ticketStaysView,
      rest: {
        method: 'GET',
        path: '/tickets/{ticketId}/stays',
        summary: 'A ticket’s time with its teams, by their OLAs',
      },
      run: async (scope, { ticketId }) => {
        await c.resolve(TicketQueries).row(scope, ticketId);
        return c.resolve(StayQueries).report(scope, ticketId);
      },
    }),
  }),
  jobs: (c) => [
    worker(followTeams, (scope, payload) => c.resolve(FollowTeams).run(scope, payload)),
    worker(sweepStayWarnings, (scope) => c.resolve(SweepStayWarnings).run(scope)),
  ],
  subscriptions: (c) => [
    on(ticketTeamWork, 'follow-teams', (scope, { payload }) => c.resolve(FollowTeams).one(scope, payload.ticketId)),
    on(slaRulesChanged, 'follow-teams', (scope) => c.resolve(FollowTeams).start(scope)),
  ],
});
