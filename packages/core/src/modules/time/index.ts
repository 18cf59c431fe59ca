/**
 * Worked time on tickets: timers, entries, how much of it is billable and why, and the claim that puts it on invoices.
 * Owns: `time_entry`, `time_cost`, `time_timer`.
 */
export { timeModule } from './time-module.ts';
export { InvoicedTime, type ActivityWindow, type ClaimedTime } from './invoiced-time.ts';
export { LogTime, type LogTimeInput } from './log-time.ts';
export { TimeQueries } from './time-queries.ts';
export type { TimeEntryId, TimeTables } from './time-table.ts';
