import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineDownload, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import {
  getPortalTicketInput,
  listPortalTicketsInput,
  openPortalTicketInput,
  portalAttachmentInput,
  replyInPortalInput,
  type PortalTickets,
} from './portal-tickets.ts';
import { portalTicketDetailView, portalTicketView } from './ticket-view.ts';

const USE = 'tickets.use-portal';

/** What a client's contacts may ask of this module. */
export function portalTicketOperations(portal: PortalTickets) {
  return {
    listPortalTickets: defineQuery({
      name: 'tickets.list-portal-tickets',
      permission: USE,
      audience: 'client',
      input: listPortalTicketsInput,
      output: pageOf(portalTicketView),
      rest: { method: 'GET', path: '/portal/tickets', summary: 'The company’s tickets' },
      run: (scope, input) => portal.list(scope, input),
    }),
    getPortalTicket: defineQuery({
      name: 'tickets.get-portal-ticket',
      permission: USE,
      audience: 'client',
      input: getPortalTicketInput,
      output: portalTicketDetailView,
      rest: { method: 'GET', path: '/portal/tickets/{ticketId}', summary: 'One ticket with its public conversation' },
      run: (scope, input) => portal.get(scope, input.ticketId),
    }),
    openPortalTicket: defineCommand({
      name: 'tickets.open-portal-ticket',
      permission: USE,
      audience: 'client',
      input: openPortalTicketInput,
      output: z.object({ ticketId: idSchema('ticket'), number: z.int() }),
      rest: { method: 'POST', path: '/portal/tickets', summary: 'Open a ticket' },
      run: (scope, input) => portal.open(scope, input),
    }),
    replyInPortal: defineCommand({
      name: 'tickets.reply-in-portal',
      permission: USE,
      audience: 'client',
      input: replyInPortalInput,
      output: z.object({ commentId: idSchema('ticket-comment'), version: z.int() }),
      rest: { method: 'POST', path: '/portal/tickets/{ticketId}/replies', summary: 'Answer on a ticket' },
      run: (scope, input) => portal.reply(scope, input),
    }),
    downloadPortalAttachment: defineDownload({
      name: 'tickets.download-portal-attachment',
      permission: USE,
      audience: 'client',
      input: portalAttachmentInput,
      rest: {
        method: 'GET',
        path: '/portal/tickets/{ticketId}/files/{fileId}',
        summary: 'A file of a ticket',
      },
      run: (scope, input) => portal.attachment(scope, input),
    }),
  };
}
