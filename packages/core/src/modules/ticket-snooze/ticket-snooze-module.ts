import { z } from 'zod';
import { ClockToken } from '#kernel/tokens';
import { defineCommand } from '#kernel/operation';
import { AuditTrail } from '#modules/audit';
import { TicketChanger, TicketStore } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { defineModule, provide, worker } from '#platform/module';
import { SnoozeTicket, snoozeTicketInput, wakeTicket, wakeTicketInput } from './snooze-ticket.ts';

const WORK = 'tickets.work-tickets';
const versioned = z.object({ version: z.int() });

export const ticketSnoozeModule = defineModule({
  name: 'ticket-snooze',
  tables: [],
  permissions: [],
  register(container) {
    provide(
      container,
      SnoozeTicket,
      (c) =>
        new SnoozeTicket({
          db: c.resolve(ScopedDb),
          store: c.resolve(TicketStore),
          changer: c.resolve(TicketChanger),
          audit: c.resolve(AuditTrail),
          jobs: c.resolve(JobQueue),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) => ({
    snoozeTicket: defineCommand({
      name: 'ticket-snooze.snooze-ticket',
      permission: WORK,
      input: snoozeTicketInput,
      output: versioned,
      rest: { method: 'POST', path: '/tickets/{ticketId}/snooze', summary: 'Take a ticket out of the active views' },
      run: (scope, input) => c.resolve(SnoozeTicket).run(scope, input),
    }),
    wakeTicket: defineCommand({
      name: 'ticket-snooze.wake-ticket',
      permission: WORK,
      input: wakeTicketInput,
      output: versioned,
      rest: { method: 'POST', path: '/tickets/{ticketId}/wake', summary: 'Bring a snoozed ticket back' },
      run: (scope, input) => c.resolve(SnoozeTicket).wake(scope, input),
    }),
  }),
  jobs: (c) => [worker(wakeTicket, (scope, payload) => c.resolve(SnoozeTicket).wakeInTime(scope, payload))],
});
