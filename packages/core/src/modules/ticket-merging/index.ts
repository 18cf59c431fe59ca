/**
 * Tickets that become one, or two, or are worked on together: merging and taking it back, splitting, and what is done with all children or incidents of a ticket at once.
 * Owns: `merged_ticket`.
 */
export { ticketMergingModule } from './ticket-merging-module.ts';
export { MergeTickets } from './merge-tickets.ts';
export type { OpenApprovals } from './merging-needs.ts';
export { OpenApprovalsToken } from './open-approvals-token.ts';
export { SplitTicket } from './split-ticket.ts';
export { RelatedTickets } from './related-tickets.ts';
