import { z } from 'zod';
import { defineEvent } from '#kernel/event';
import { clientIdSchema, idSchema } from '#kernel/id';

const ofTicket = { ticketId: idSchema('ticket'), clientId: clientIdSchema };

/** A ticket was opened, by whomever. */
export const ticketOpened = defineEvent('tickets.ticket-opened', z.object(ofTicket));

/** A ticket's status, priority, people, place or words changed; its history says which. */
export const ticketChanged = defineEvent('tickets.ticket-changed', z.object(ofTicket));

/** Something happened that the clock of the team looks at which has the ticket, or had it: who has it, its status, its priority, its end. */
export const ticketTeamWork = defineEvent('tickets.team-work', z.object(ofTicket));

/** Somebody wrote on a ticket. `author` says from which side. */
export const ticketCommented = defineEvent(
  'tickets.ticket-commented',
  z.object({
    ...ofTicket,
    commentId: idSchema('ticket-comment'),
    visibility: z.enum(['public', 'client_it', 'internal']),
    author: z.enum(['staff', 'contact', 'system']),
  }),
);

/** A ticket went from one client to another with all its rows. */
export const ticketMoved = defineEvent('tickets.ticket-moved', z.object({ ...ofTicket, fromClientId: clientIdSchema }));

/** A ticket goes on as another one of the same client; its conversation and files are there. `isUndone`: they are back, and it goes on as itself. */
export const ticketMerged = defineEvent(
  'tickets.ticket-merged',
  z.object({ ...ofTicket, intoTicketId: idSchema('ticket'), isUndone: z.boolean() }),
);
