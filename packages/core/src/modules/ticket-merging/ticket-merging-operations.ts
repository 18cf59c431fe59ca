import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { mergeTicketsInput, unmergeTicketInput, type MergeTickets } from './merge-tickets.ts';
import { answeredView, answerRelatedInput, rollUpInput, rollUpView, type RelatedTickets } from './related-tickets.ts';
import { splitTicketInput, type SplitTicket } from './split-ticket.ts';

interface Needs {
  readonly merge: MergeTickets;
  readonly split: SplitTicket;
  readonly related: RelatedTickets;
}

const WORK = 'tickets.work-tickets';
const versioned = z.object({ version: z.int() });

/** What is done with more than one ticket. */
export function ticketMergingOperations(needs: Needs) {
  return {
    mergeTickets: defineCommand({
      name: 'ticket-merging.merge-tickets',
      permission: WORK,
      input: mergeTicketsInput,
      output: versioned,
      rest: { method: 'POST', path: '/tickets/{intoTicketId}/merges', summary: 'Merge tickets into one' },
      run: (scope, input) => needs.merge.run(scope, input),
    }),
    unmergeTicket: defineCommand({
      name: 'ticket-merging.unmerge-ticket',
      permission: WORK,
      input: unmergeTicketInput,
      output: versioned,
      rest: { method: 'POST', path: '/tickets/{ticketId}/unmerge', summary: 'Take a merge back, within ten minutes' },
      run: (scope, input) => needs.merge.undo(scope, input),
    }),
    splitTicket: defineCommand({
      name: 'ticket-merging.split-ticket',
      permission: WORK,
      input: splitTicketInput,
      output: z.object({ ticketId: idSchema('ticket'), number: z.int() }),
      rest: { method: 'POST', path: '/tickets/{ticketId}/splits', summary: 'Make a ticket of a comment' },
      run: (scope, input) => needs.split.run(scope, input),
    }),
    getRollUp: defineQuery({
      name: 'ticket-merging.get-roll-up',
      permission: 'tickets.read-tickets',
      input: rollUpInput,
      output: rollUpView,
      rest: { method: 'GET', path: '/tickets/{ticketId}/related', summary: 'How far a ticket’s children are' },
      run: (scope, input) => needs.related.rollUp(scope, input),
    }),
    answerRelated: defineCommand({
      name: 'ticket-merging.answer-related',
      permission: WORK,
      input: answerRelatedInput,
      output: answeredView,
      rest: { method: 'POST', path: '/tickets/{ticketId}/related', summary: 'Answer or resolve a ticket’s children' },
      run: (scope, input) => needs.related.answer(scope, input),
    }),
  };
}
