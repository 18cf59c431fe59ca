import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import {
  createRecurringInput,
  pauseRecurringInput,
  previewRunsInput,
  removeRecurringInput,
  updateRecurringInput,
} from './recurring-input.ts';
import {
  getRecurringInput,
  listRecurringInput,
  previewRunsView,
  recurringDetailView,
  recurringView,
  type RecurringQueries,
} from './recurring-queries.ts';
import type { RecurringTickets } from './recurring-tickets.ts';

const READ = 'recurring-tickets.read-recurring';
const MANAGE = 'recurring-tickets.manage-recurring';
const versioned = z.object({ version: z.int() });

/** What the outside may ask of this module. */
export function recurringOperations(recurring: RecurringTickets, queries: RecurringQueries) {
  return {
    listRecurring: defineQuery({
      name: 'recurring-tickets.list-recurring',
      permission: READ,
      input: listRecurringInput,
      output: pageOf(recurringView),
      rest: { method: 'GET', path: '/recurring-tickets', summary: 'Recurring tickets, by name' },
      run: (scope, input) => queries.list(scope, input),
    }),
    getRecurring: defineQuery({
      name: 'recurring-tickets.get-recurring',
      permission: READ,
      input: getRecurringInput,
      output: recurringDetailView,
      rest: { method: 'GET', path: '/recurring-tickets/{recurringId}', summary: 'A recurring ticket with its runs' },
      run: (scope, input) => queries.get(scope, input.recurringId),
    }),
    previewRuns: defineQuery({
      name: 'recurring-tickets.preview-runs',
      permission: READ,
      input: previewRunsInput,
      output: previewRunsView,
      rest: { method: 'POST', path: '/recurring-ticket-previews', summary: 'When a rule would come next' },
      run: (scope, input) => queries.preview(scope, input),
    }),
    createRecurring: defineCommand({
      name: 'recurring-tickets.create-recurring',
      permission: MANAGE,
      input: createRecurringInput,
      output: z.object({ recurringId: idSchema('recurring-ticket') }),
      rest: { method: 'POST', path: '/recurring-tickets', summary: 'Make a recurring ticket' },
      run: (scope, input) => recurring.create(scope, input),
    }),
    updateRecurring: defineCommand({
      name: 'recurring-tickets.update-recurring',
      permission: MANAGE,
      input: updateRecurringInput,
      output: versioned,
      rest: { method: 'PUT', path: '/recurring-tickets/{recurringId}', summary: 'Change a recurring ticket' },
      run: (scope, input) => recurring.update(scope, input),
    }),
    pauseRecurring: defineCommand({
      name: 'recurring-tickets.pause-recurring',
      permission: MANAGE,
      input: pauseRecurringInput,
      output: versioned,
      rest: { method: 'POST', path: '/recurring-tickets/{recurringId}/pause', summary: 'Pause it, or go on with it' },
      run: (scope, input) => recurring.pause(scope, input),
    }),
    removeRecurring: defineCommand({
      name: 'recurring-tickets.remove-recurring',
      permission: MANAGE,
      input: removeRecurringInput,
      output: z.object({ removed: z.literal(true) }),
      rest: { method: 'POST', path: '/recurring-tickets/{recurringId}/remove', summary: 'Remove it; its tickets stay' },
      run: (scope, input) => recurring.remove(scope, input),
    }),
  };
}
