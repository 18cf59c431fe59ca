import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { TicketQueries, TicketStore } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
import {
  getProblemInput,
  knownErrorView,
  listKnownErrorsInput,
  ProblemRecords,
  problemView,
  saveProblemInput,
} from './problem-records.ts';

const READ = 'tickets.read-tickets';

export const problemsModule = defineModule({
  name: 'problems',
  tables: ['problem'],
  permissions: [],
  register(container) {
    provide(
      container,
      ProblemRecords,
      (c) =>
        new ProblemRecords({
          db: c.resolve(ScopedDb),
          store: c.resolve(TicketStore),
          tickets: c.resolve(TicketQueries),
          audit: c.resolve(AuditTrail),
          live: c.resolve(LiveHub),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) => ({
    getProblem: defineQuery({
      name: 'problems.get-problem',
      permission: READ,
      input: getProblemInput,
      output: problemView,
      rest: { method: 'GET', path: '/tickets/{ticketId}/problem', summary: 'What is known of a problem' },
      run: (scope, input) => c.resolve(ProblemRecords).get(scope, input.ticketId),
    }),
    saveProblem: defineCommand({
      name: 'problems.save-problem',
      permission: 'tickets.work-tickets',
      input: saveProblemInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/tickets/{ticketId}/problem', summary: 'Write what is known of a problem' },
      run: (scope, input) => c.resolve(ProblemRecords).save(scope, input),
    }),
    listKnownErrors: defineQuery({
      name: 'problems.list-known-errors',
      permission: READ,
      input: listKnownErrorsInput,
      output: z.object({ items: z.array(knownErrorView) }),
      rest: { method: 'GET', path: '/known-errors', summary: 'Known errors, the newest first' },
      run: async (scope, input) => ({ items: await c.resolve(ProblemRecords).knownErrors(scope, input) }),
    }),
  }),
});
