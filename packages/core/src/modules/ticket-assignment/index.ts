/**
 * Who gets a ticket: by hand through a team, or by rules as it is opened, in turn, by load or by skill.
 * Owns: `assignment_rule`.
 */
export { ticketAssignmentModule } from './ticket-assignment-module.ts';
export { AssignTicket } from './assign-ticket.ts';
