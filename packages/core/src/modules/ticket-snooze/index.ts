/**
 * Tickets that leave the active views until a moment or until the client replies, and come back by themselves.
 * Owns no table: a snooze is part of the ticket.
 */
export { ticketSnoozeModule } from './ticket-snooze-module.ts';
export { SnoozeTicket } from './snooze-ticket.ts';
