/**
 * Tickets that come back by a rule: each month's check, each quarter's review.
 * Owns: all tables whose names begin with `recurring_`.
 */
export { recurringTicketsModule } from './recurring-module.ts';
export { RecurringTickets } from './recurring-tickets.ts';
export type { RecurringTables, RecurringTicketId } from './recurring-table.ts';
