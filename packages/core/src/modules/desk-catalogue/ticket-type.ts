/** The types of tickets, as ITIL has them, and tasks. */
export const TICKET_TYPES = ['incident', 'request', 'problem', 'task'] as const;
/** One of `TICKET_TYPES`. */
export type TicketType = (typeof TICKET_TYPES)[number];
