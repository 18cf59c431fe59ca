/**
 * Views of the queue: which tickets, in which order, divided by what and in which columns, for oneself or for all; and how many tickets are in each.
 * Owns: `ticket_view`, `ticket_view_order`.
 */
export { ticketViewsModule } from './ticket-views-module.ts';
export { SavedViews } from './saved-views.ts';
