/**
 * The service desk: tickets, their conversation and history, queues, and alerts that become tickets.
 * Owns: `ticket` and all tables whose names begin with `ticket_`.
 * Publishes: `tickets.ticket-opened`, `tickets.ticket-changed`, `tickets.ticket-commented`, `tickets.ticket-moved`, `tickets.ticket-merged`,
 * `tickets.team-work`.
 */
export { ticketsModule } from './tickets-module.ts';
export { bulkChangeInput, BulkTickets, undoItem } from './bulk-tickets.ts';
export { CommentOnTicket, type NoteInput, type ReplyInput } from './comment-on-ticket.ts';
export { TicketAlerts, type RaisedAlert } from './ticket-alerts.ts';
export { assertReferences } from './ticket-references.ts';
export { happeningOf } from './ticket-past.ts';
export { TicketGates, type TicketGate } from './ticket-gates.ts';
export { LinkTickets } from './link-tickets.ts';
export { CopyComment } from './copy-comment.ts';
export { TicketBelongings, type Belongings } from './ticket-belongings.ts';
export { TicketChanger } from './ticket-changer.ts';
export { TicketForWork } from './ticket-for-work.ts';
export { TicketLoad } from './ticket-load.ts';
export { ticketNotFound, TicketStore, type TicketRow } from './ticket-store.ts';
export { TicketQueues } from './ticket-queues.ts';
export {
  assertStatusChange,
  authorOf,
  canBecome,
  isOpen,
  TICKET_SOURCES,
  TICKET_STATUSES,
  TICKET_TYPES,
  ticketLabel,
  titleOfStatus,
  type TicketSource,
  type TicketStatus,
  type TicketType,
} from './ticket.ts';
export { UpdateTicket, type UpdateTicketInput } from './update-ticket.ts';
export { MoveTicket } from './move-ticket.ts';
export { openPortalTicketInput, PortalTickets } from './portal-tickets.ts';
export { OpenTicket, type OpenTicketInput } from './open-ticket.ts';
export { StaffIdentity } from './staff-identity.ts';
export { ticketById, TicketQueries } from './ticket-queries.ts';
export { TicketCounts, ticketGroupings, ticketGroupView, type TicketGrouping } from './ticket-count-queries.ts';
export { DEADLINES, ticketConditions, ticketFilterInput, type TicketFilter } from './ticket-filter-queries.ts';
export { listTicketsInput, TICKET_SORTS, ticketListQuery } from './ticket-list-queries.ts';
export {
  ticketChanged,
  ticketCommented,
  ticketMerged,
  ticketMoved,
  ticketOpened,
  ticketTeamWork,
} from './ticket-events.ts';
export type { StaffId, TicketCommentId, TicketId, TicketLinkId, TicketQueueId, TicketTables } from './ticket-table.ts';
