/**
 * Who looks at a ticket and who writes on it, for as long as they do.
 * Owns: `ticket_presence`.
 */
export { ticketPresenceModule } from './ticket-presence-module.ts';
export { TicketPresence } from './ticket-presence.ts';
