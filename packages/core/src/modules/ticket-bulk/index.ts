/**
 * Changes of many tickets at once that the server does by itself, in the name of whoever asked, with what was skipped and why, and a way back.
 * Owns: `bulk_run`, `bulk_item`.
 */
export { ticketBulkModule } from './ticket-bulk-module.ts';
export { MakePersonScopeToken } from './make-person-scope-token.ts';
