import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { bulkRunInput, startBulkInput, startBulkOnListInput } from './bulk-input.ts';
import type { BulkQueries } from './bulk-queries.ts';
import { bulkRunView } from './bulk-view.ts';
import type { ChangeMany } from './change-many.ts';

const WORK = 'tickets.work-tickets';
const started = z.object({ runId: idSchema('bulk-run'), total: z.int() });

/** Changes of many tickets that the server does by itself. */
export function ticketBulkOperations({ change, queries }: { change: ChangeMany; queries: BulkQueries }) {
  return {
    startRun: defineCommand({
      name: 'ticket-bulk.start-run',
      permission: WORK,
      input: startBulkInput,
      output: started,
      rest: { method: 'POST', path: '/ticket-bulk-runs', summary: 'Change many tickets' },
      run: (scope, input) => change.start(scope, input),
    }),
    startRunOnList: defineCommand({
      name: 'ticket-bulk.start-run-on-list',
      permission: WORK,
      input: startBulkOnListInput,
      output: started,
      rest: { method: 'POST', path: '/ticket-bulk-list-runs', summary: 'Change all tickets of a list' },
      run: (scope, input) => change.startOnList(scope, input),
    }),
    getRun: defineQuery({
      name: 'ticket-bulk.get-run',
      permission: WORK,
      input: bulkRunInput,
      output: bulkRunView,
      rest: { method: 'GET', path: '/ticket-bulk-runs/{runId}', summary: 'How a change of many tickets stands' },
      run: (scope, { runId }) => queries.get(scope, runId),
    }),
    stopRun: defineCommand({
      name: 'ticket-bulk.stop-run',
      permission: WORK,
      input: bulkRunInput,
      output: z.object({}),
      rest: { method: 'POST', path: '/ticket-bulk-runs/{runId}/stop', summary: 'Leave the tickets that are left' },
      run: async (scope, { runId }) => {
        await change.stop(scope, runId);
        return {};
      },
    }),
    undoRun: defineCommand({
      name: 'ticket-bulk.undo-run',
      permission: WORK,
      input: bulkRunInput,
      output: z.object({}),
      rest: { method: 'POST', path: '/ticket-bulk-runs/{runId}/undo', summary: 'Take a change of many tickets back' },
      run: async (scope, { runId }) => {
        await change.undo(scope, runId);
        return {};
      },
    }),
  };
}
