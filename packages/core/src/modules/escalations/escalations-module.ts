import { slaTargetWarned, WarningQueries } from '#modules/sla';
import { TellStaff } from '#modules/notices';
import { olaStayWarned, StayWarningQueries } from '#modules/ola';
import { MspQueries } from '#modules/tenancy';
import { TicketQueries, UpdateTicket } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { Mailer } from '#platform/mail/mailer';
import { defineModule, on, provide } from '#platform/module';
import { SettingsToken } from '#platform/settings-token';
import { EscalateTicket } from './escalate-ticket.ts';

export const escalationsModule = defineModule({
  name: 'escalations',
  tables: ['escalation'],
  permissions: [],
  register(container) {
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
  operations: () => ({}),
  subscriptions: (c) => [
    on(slaTargetWarned, 'escalate', (scope, { payload }) => c.resolve(EscalateTicket).run(scope, payload)),
    on(olaStayWarned, 'escalate', (scope, { payload }) => c.resolve(EscalateTicket).ofStay(scope, payload)),
  ],
});
