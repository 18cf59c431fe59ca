import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineDownload, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { exportTicketsInput, type ExportTickets } from './export-tickets.ts';
import { ticketSlaView, type TicketSlaQueries } from '#modules/sla';
import { openTicketInput, type OpenTicket } from './open-ticket.ts';
import { ticketCountsInput, ticketCountsView, type TicketCounts } from './ticket-count-queries.ts';
import { listTicketsInput } from './ticket-list-queries.ts';
import { getTicketOfAlertInput, ticketOfAlertView, type TicketOfAlert } from './ticket-of-alert.ts';
import { assigneesView, getTicketByNumberInput, getTicketInput, type TicketQueries } from './ticket-queries.ts';
import { similarInput, similarToSubjectInput, similarView, type SimilarTickets } from './similar-ticket-queries.ts';
import { ticketDetailView, ticketView } from './ticket-view.ts';

interface Needs {
  readonly similar: SimilarTickets;
  readonly tickets: TicketQueries;
  readonly counts: TicketCounts;
  readonly sla: TicketSlaQueries;
  readonly ofAlert: TicketOfAlert;
  readonly openTicket: OpenTicket;
  readonly exportTickets: ExportTickets;
}

const READ = 'tickets.read-tickets';

/** What staff may ask about tickets, and how one begins. */
export function ticketOperations(needs: Needs) {
  return {
    listTickets: defineQuery({
      name: 'tickets.list-tickets',
      permission: READ,
      input: listTicketsInput,
      output: pageOf(ticketView),
      rest: { method: 'GET', path: '/tickets', summary: 'Tickets over all clients in reach' },
      run: (scope, input) => needs.tickets.list(scope, input),
    }),
    getTicket: defineQuery({
      name: 'tickets.get-ticket',
      permission: READ,
      input: getTicketInput,
      output: ticketDetailView,
      rest: { method: 'GET', path: '/tickets/{ticketId}', summary: 'One ticket with its conversation' },
      run: (scope, input) => needs.tickets.get(scope, input.ticketId),
    }),
    getTicketByNumber: defineQuery({
      name: 'tickets.get-ticket-by-number',
      permission: READ,
      input: getTicketByNumberInput,
      output: ticketDetailView,
      rest: { method: 'GET', path: '/tickets/by-number/{number}', summary: 'The ticket of a number' },
      run: (scope, input) => needs.tickets.getByNumber(scope, input.number),
    }),
    getTicketSla: defineQuery({
      name: 'tickets.get-ticket-sla',
      permission: READ,
      input: getTicketInput,
      output: z.object({ sla: ticketSlaView.nullable() }),
      rest: { method: 'GET', path: '/tickets/{ticketId}/sla', summary: 'A ticket’s SLA clocks with their timelines' },
      run: async (scope, { ticketId }) => {
        await needs.tickets.row(scope, ticketId);
        return { sla: await needs.sla.report(scope, ticketId) };
      },
    }),
    listSimilarTickets: defineQuery({
      name: 'tickets.list-similar-tickets',
      permission: READ,
      input: similarInput,
      output: similarView,
      rest: { method: 'GET', path: '/tickets/{ticketId}/similar', summary: 'Tickets that were about the same' },
      run: async (scope, input) => ({ items: await needs.similar.of(scope, input.ticketId) }),
    }),
    findSimilarTickets: defineQuery({
      name: 'tickets.find-similar-tickets',
      permission: READ,
      input: similarToSubjectInput,
      output: similarView,
      rest: { method: 'GET', path: '/similar-tickets', summary: 'Tickets like a subject that is being written' },
      run: async (scope, input) => ({ items: await needs.similar.ofSubject(scope, input.subject) }),
    }),
    getTicketOfAlert: defineQuery({
      name: 'tickets.get-ticket-of-alert',
      permission: READ,
      input: getTicketOfAlertInput,
      output: ticketOfAlertView,
      rest: { method: 'GET', path: '/alerts/{alertId}/ticket', summary: 'The ticket that an alert became, if any' },
      run: (scope, input) => needs.ofAlert.get(scope, input.alertId),
    }),
    ticketCounts: defineQuery({
      name: 'tickets.count-tickets',
      permission: READ,
      input: ticketCountsInput,
      output: ticketCountsView,
      rest: { method: 'GET', path: '/ticket-counts', summary: 'How many open tickets each tab holds' },
      run: (scope, input) => needs.counts.ofTabs(scope, input.clientId),
    }),
    listAssignees: defineQuery({
      name: 'tickets.list-assignees',
      permission: READ,
      input: z.object({}),
      output: assigneesView,
      rest: { method: 'GET', path: '/ticket-assignees', summary: 'Who can be given a ticket' },
      run: (scope) => needs.tickets.assignees(scope),
    }),
    openTicket: defineCommand({
      name: 'tickets.open-ticket',
      permission: 'tickets.open-ticket',
      input: openTicketInput,
      output: z.object({ ticketId: idSchema('ticket'), number: z.int() }),
      rest: { method: 'POST', path: '/tickets', summary: 'Open a ticket' },
      run: (scope, input) => needs.openTicket.run(scope, input),
    }),
    exportTickets: defineDownload({
      name: 'tickets.export-tickets',
      permission: READ,
      input: exportTicketsInput,
      rest: { method: 'GET', path: '/tickets.csv', summary: 'A list of tickets as CSV' },
      run: (scope, input) => needs.exportTickets.run(scope, input),
    }),
  };
}
