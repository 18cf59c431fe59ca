import { defineQuery } from '#kernel/operation';
import { slaTargetWarned, WarningQueries } from '#modules/sla';
import { TellStaff } from '#modules/notices';
import { olaStayWarned, StayWarningQueries } from '#modules/ola';
import { MspQueries } from '#modules/tenancy';
import { TicketQueries, UpdateTicket } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { Mailer } from '#platform/mail/mailer';
import { defineModule, on, provide } from '#platform/module';
import { SettingsToken } from '#platform/settings-token';
import { GivenWarnings, givenWarningsInput, givenWarningsView } from './given-warnings.ts';
import { EscalateTicket } from './escalate-ticket.ts';

export const escalationsModule = defineModule({
  name: 'escalations',
  tables: ['escalation'],
  permissions: [],
  register(container) {
    provide(container, GivenWarnings, (c) => new GivenWarnings({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      EscalateTicket,
      (c) =>
        new EscalateTicket({
          db: c.resolve(ScopedDb),
          warnings: c.resolve(WarningQueries),
          stayWarnings: c.resolve(StayWarningQueries),
          tickets: c.resolve(TicketQueries),
          update: c.resolve(UpdateTicket),
          tell: c.resolve(TellStaff),
          mailer: c.resolve(Mailer),
          msp: c.resolve(MspQueries),
          publicUrl: c.resolve(SettingsToken).BAILIWICK_PUBLIC_URL ?? null,
        }),
    );
  },
  operations: (c) => ({
    listWarnings: defineQuery({
      name: 'escalations.list-warnings',
      permission: 'tickets.read-tickets',
      input: givenWarningsInput,
      output: givenWarningsView,
      rest: {
        method: 'GET',
        path: '/tickets/{ticketId}/warnings',
        summary: 'Which warnings a ticket gave, and to whom',
      },
      run: async (scope, { ticketId }) => {
        await c.resolve(TicketQueries).row(scope, ticketId);
        return c.resolve(GivenWarnings).of(scope, ticketId);
      },
    }),
  }),
  subscriptions: (c) => [
    on(slaTargetWarned, 'escalate', (scope, { payload }) => c.resolve(EscalateTicket).run(scope, payload)),
    on(olaStayWarned, 'escalate', (scope, { payload }) => c.resolve(EscalateTicket).ofStay(scope, payload)),
  ],
});
