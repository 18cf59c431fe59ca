import { ClockToken } from '#kernel/tokens';
import { defineCommand, defineQuery } from '#kernel/operation';
import { StaffIdentity, TicketForWork } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
import { announceInput, presenceInput, presenceView, TicketPresence } from './ticket-presence.ts';

export const ticketPresenceModule = defineModule({
  name: 'ticket-presence',
  tables: ['ticket_presence'],
  permissions: [],
  register(container) {
    provide(
      container,
      TicketPresence,
      (c) =>
        new TicketPresence({
          db: c.resolve(ScopedDb),
          tickets: c.resolve(TicketForWork),
          staff: c.resolve(StaffIdentity),
          live: c.resolve(LiveHub),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) => ({
    announce: defineCommand({
      name: 'ticket-presence.announce',
      permission: 'tickets.read-tickets',
      input: announceInput,
      output: presenceView,
      rest: { method: 'PUT', path: '/tickets/{ticketId}/presence', summary: 'Say that one looks at a ticket' },
      run: (scope, input) => c.resolve(TicketPresence).announce(scope, input),
    }),
    listPresence: defineQuery({
      name: 'ticket-presence.list-presence',
      permission: 'tickets.read-tickets',
      input: presenceInput,
      output: presenceView,
      rest: { method: 'GET', path: '/tickets/{ticketId}/presence', summary: 'Who looks at a ticket, and who writes' },
      run: (scope, { ticketId }) => c.resolve(TicketPresence).of(scope, ticketId),
    }),
  }),
});
