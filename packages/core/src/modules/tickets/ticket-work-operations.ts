import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { bulkUpdateInput, bulkUpdateView, undoBulkInput, type BulkTickets } from './bulk-tickets.ts';
import { noteInput, replyInput, type CommentOnTicket } from './comment-on-ticket.ts';
import { linkTicketsInput, unlinkTicketsInput, type LinkTickets } from './link-tickets.ts';
import { moveTicketInput, type MoveTicket } from './move-ticket.ts';
import {
  alertRuleView,
  createAlertRuleInput,
  createQueueInput,
  queueView,
  updateAlertRuleInput,
  type TicketQueues,
} from './ticket-queues.ts';
import { updateTicketInput, type UpdateTicket } from './update-ticket.ts';

interface Needs {
  readonly comments: CommentOnTicket;
  readonly updateTicket: UpdateTicket;
  readonly moveTicket: MoveTicket;
  readonly bulk: BulkTickets;
  readonly links: LinkTickets;
  readonly queues: TicketQueues;
}

const WORK = 'tickets.work-tickets';
const MANAGE = 'tickets.manage-queues';
const versioned = z.object({ version: z.int() });
const commented = z.object({ commentId: idSchema('ticket-comment'), version: z.int() });

/** What staff do with tickets. */
export function ticketWorkOperations(needs: Needs) {
  return {
    replyToTicket: defineCommand({
      name: 'tickets.reply-to-ticket',
      permission: WORK,
      input: replyInput,
      output: commented,
      rest: { method: 'POST', path: '/tickets/{ticketId}/replies', summary: 'Reply for the client to read' },
      run: (scope, input) => needs.comments.reply(scope, input),
    }),
    addNote: defineCommand({
      name: 'tickets.add-note',
      permission: WORK,
      input: noteInput,
      output: commented,
      rest: { method: 'POST', path: '/tickets/{ticketId}/notes', summary: 'Add an internal note' },
      run: (scope, input) => needs.comments.note(scope, input),
    }),
    updateTicket: defineCommand({
      name: 'tickets.update-ticket',
      permission: WORK,
      input: updateTicketInput,
      output: versioned,
      rest: { method: 'PATCH', path: '/tickets/{ticketId}', summary: 'Change a ticket' },
      run: (scope, input) => needs.updateTicket.run(scope, input),
    }),
    moveTicket: defineCommand({
      name: 'tickets.move-ticket',
      permission: 'tickets.move-ticket',
      input: moveTicketInput,
      output: versioned,
      rest: { method: 'POST', path: '/tickets/{ticketId}/move', summary: 'Correct a ticket’s client' },
      run: (scope, input) => needs.moveTicket.run(scope, input),
    }),
    bulkUpdate: defineCommand({
      name: 'tickets.bulk-update',
      permission: WORK,
      input: bulkUpdateInput,
      output: bulkUpdateView,
      rest: { method: 'POST', path: '/ticket-bulk-updates', summary: 'Change many tickets at once' },
      run: (scope, input) => needs.bulk.run(scope, input),
    }),
    undoBulk: defineCommand({
      name: 'tickets.undo-bulk',
      permission: WORK,
      input: undoBulkInput,
      output: z.object({ restored: z.int() }),
      rest: { method: 'POST', path: '/ticket-bulk-updates/undo', summary: 'Take a bulk change back' },
      run: (scope, input) => needs.bulk.undo(scope, input),
    }),
    linkTickets: defineCommand({
      name: 'tickets.link-tickets',
      permission: WORK,
      input: linkTicketsInput,
      output: z.object({ linkId: idSchema('ticket-link') }),
      rest: { method: 'POST', path: '/tickets/{ticketId}/links', summary: 'Link two tickets' },
      run: (scope, input) => needs.links.run(scope, input),
    }),
    unlinkTickets: defineCommand({
      name: 'tickets.unlink-tickets',
      permission: WORK,
      input: unlinkTicketsInput,
      output: z.object({}),
      rest: { method: 'DELETE', path: '/tickets/{ticketId}/links/{linkId}', summary: 'Take a link away' },
      run: async (scope, input) => {
        await needs.links.remove(scope, input);
        return {};
      },
    }),
    listQueues: defineQuery({
      name: 'tickets.list-queues',
      permission: 'tickets.read-tickets',
      input: z.object({}),
      output: z.object({ items: z.array(queueView) }),
      rest: { method: 'GET', path: '/ticket-queues', summary: 'Queues, by name' },
      run: async (scope) => ({ items: await needs.queues.list(scope) }),
    }),
    createQueue: defineCommand({
      name: 'tickets.create-queue',
      permission: MANAGE,
      input: createQueueInput,
      output: z.object({ queueId: idSchema('ticket-queue') }),
      rest: { method: 'POST', path: '/ticket-queues', summary: 'Make a queue' },
      run: (scope, input) => needs.queues.create(scope, input),
    }),
    listAlertRules: defineQuery({
      name: 'tickets.list-alert-rules',
      permission: MANAGE,
      input: z.object({}),
      output: z.object({ items: z.array(alertRuleView) }),
      rest: { method: 'GET', path: '/ticket-alert-rules', summary: 'The rules by which alerts become tickets' },
      run: async (scope) => ({ items: await needs.queues.listRules(scope) }),
    }),
    createAlertRule: defineCommand({
      name: 'tickets.create-alert-rule',
      permission: MANAGE,
      input: createAlertRuleInput,
      output: z.object({ ruleId: idSchema('ticket-alert-rule') }),
      rest: { method: 'POST', path: '/ticket-alert-rules', summary: 'Make an alert rule' },
      run: (scope, input) => needs.queues.createRule(scope, input),
    }),
    updateAlertRule: defineCommand({
      name: 'tickets.update-alert-rule',
      permission: MANAGE,
      input: updateAlertRuleInput,
      output: versioned,
      rest: { method: 'PUT', path: '/ticket-alert-rules/{ruleId}', summary: 'Change an alert rule' },
      run: (scope, input) => needs.queues.updateRule(scope, input),
    }),
  };
}
