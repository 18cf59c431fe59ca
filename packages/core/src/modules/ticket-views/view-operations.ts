import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import {
  arrangeViewsInput,
  createViewInput,
  deleteViewInput,
  updateViewInput,
  type SavedViews,
} from './saved-views.ts';
import {
  countViewsInput,
  groupsView,
  groupTicketsInput,
  viewCountsView,
  viewsView,
  type ViewQueries,
} from './view-queries.ts';

const USE = 'ticket-views.use-views';
const done = z.object({});

/** Views of the queue, and how many tickets are in each. */
export function viewOperations(needs: { views: ViewQueries; saved: SavedViews }) {
  return {
    listViews: defineQuery({
      name: 'ticket-views.list-views',
      permission: USE,
      input: z.object({}),
      output: viewsView,
      rest: { method: 'GET', path: '/ticket-views', summary: 'Views of the queue, in the caller’s order' },
      run: (scope) => needs.views.list(scope),
    }),
    countViews: defineQuery({
      name: 'ticket-views.count-views',
      permission: USE,
      input: countViewsInput,
      output: viewCountsView,
      rest: { method: 'GET', path: '/ticket-view-counts', summary: 'How many tickets each view has' },
      run: (scope, input) => needs.views.counts(scope, input),
    }),
    groupTickets: defineQuery({
      name: 'ticket-views.group-tickets',
      permission: USE,
      input: groupTicketsInput,
      output: groupsView,
      rest: { method: 'GET', path: '/ticket-groups', summary: 'How the tickets of a filter divide' },
      run: (scope, input) => needs.views.groups(scope, input),
    }),
    createView: defineCommand({
      name: 'ticket-views.create-view',
      permission: USE,
      input: createViewInput,
      output: z.object({ viewId: idSchema('ticket-view') }),
      rest: { method: 'POST', path: '/ticket-views', summary: 'Keep a view of the queue' },
      run: (scope, input) => needs.saved.create(scope, input),
    }),
    updateView: defineCommand({
      name: 'ticket-views.update-view',
      permission: USE,
      input: updateViewInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/ticket-views/{viewId}', summary: 'Change a view' },
      run: (scope, input) => needs.saved.update(scope, input),
    }),
    deleteView: defineCommand({
      name: 'ticket-views.delete-view',
      permission: USE,
      input: deleteViewInput,
      output: done,
      rest: { method: 'DELETE', path: '/ticket-views/{viewId}', summary: 'Delete a view' },
      run: async (scope, input) => {
        await needs.saved.delete(scope, input);
        return {};
      },
    }),
    arrangeViews: defineCommand({
      name: 'ticket-views.arrange-views',
      permission: USE,
      input: arrangeViewsInput,
      output: done,
      rest: { method: 'PUT', path: '/ticket-view-order', summary: 'Keep one’s own order of views' },
      run: async (scope, input) => {
        await needs.saved.arrange(scope, input);
        return {};
      },
    }),
  };
}
