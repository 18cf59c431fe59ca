import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ContactQueries, MspQueries } from '#modules/tenancy';
import {
  CommentOnTicket,
  StaffIdentity,
  TicketForWork,
  ticketCommented,
  TicketQueries,
  UpdateTicket,
} from '#modules/tickets';
import { LogTime } from '#modules/time';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, on, provide } from '#platform/module';
import { Drafts } from './drafts.ts';
import { macroOperations } from './macro-operations.ts';
import { Macros } from './macros.ts';
import { Mentions } from './mentions.ts';
import { replyOperations } from './reply-operations.ts';
import { replyPermissions } from './reply-policy.ts';
import { RunMacro } from './run-macro.ts';
import { Templates } from './templates.ts';
import { TicketValues } from './ticket-values.ts';

export const repliesModule = defineModule({
  name: 'replies',
  tables: ['reply'],
  permissions: replyPermissions,
  register(container) {
    const kept = () => ({
      db: container.resolve(ScopedDb),
      staff: container.resolve(StaffIdentity),
      audit: container.resolve(AuditTrail),
      clock: container.resolve(ClockToken),
    });
    provide(
      container,
      TicketValues,
      (c) =>
        new TicketValues({
          tickets: c.resolve(TicketQueries),
          contacts: c.resolve(ContactQueries),
          msps: c.resolve(MspQueries),
        }),
    );
    provide(container, Drafts, (c) => new Drafts({ ...kept(), tickets: c.resolve(TicketForWork) }));
    provide(
      container,
      Mentions,
      (c) => new Mentions({ ...kept(), tickets: c.resolve(TicketForWork), live: c.resolve(LiveHub) }),
    );
    provide(container, Templates, (c) => new Templates({ ...kept(), values: c.resolve(TicketValues) }));
    provide(container, Macros, () => new Macros(kept()));
    provide(
      container,
      RunMacro,
      (c) =>
        new RunMacro({
          ...kept(),
          macros: c.resolve(Macros),
          values: c.resolve(TicketValues),
          tickets: c.resolve(TicketQueries),
          comments: c.resolve(CommentOnTicket),
          update: c.resolve(UpdateTicket),
          time: c.resolve(LogTime),
        }),
    );
  },
  operations: (c) => ({
    ...replyOperations({
      drafts: c.resolve(Drafts),
      mentions: c.resolve(Mentions),
      templates: c.resolve(Templates),
    }),
    ...macroOperations({ macros: c.resolve(Macros), runMacro: c.resolve(RunMacro) }),
  }),
  subscriptions: (c) => [
    on(ticketCommented, 'note-mentions', (scope, { payload }) => c.resolve(Mentions).noteThoseIn(scope, payload)),
  ],
});
