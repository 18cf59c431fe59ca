import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { bulkRunInput, startBulkInput } from './bulk-input.ts';
import type { BulkQueries } from './bulk-queries.ts';
import { bulkRunView } from './bulk-view.ts';
import type { ChangeMany } from './change-many.ts';

const WORK = 'tickets.work-tickets';

/** Changes of many tickets that the server does by itself. */
export function ticketBulkOperations({ change, queries }: { change: ChangeMany; queries: BulkQueries }) {
  return {
    startRun: defineCommand({
      name: 'ticket-bulk.start-run',
      permission: WORK,
      input: startBulkInput,
      output: z.object({ runId: idSchema('bulk-run'), total: z.int() }),
      rest: { method: 'POST', path: '/ticket-bulk-runs', summary: 'Change all tickets of a list, or those named' },
      run: (scope, input) => change.start(scope, input),
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
