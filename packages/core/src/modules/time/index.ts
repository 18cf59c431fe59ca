/**
 * Worked time on tickets: timers, entries, how much of it is billable and why, the weeks in which it is handed in and approved, and the claim that puts it on invoices.
 * Owns: all tables whose names begin with `time_`.
 */
export { timeModule } from './time-module.ts';
export { InvoicedTime, type ActivityWindow, type ClaimedTime } from './invoiced-time.ts';
export { LogTime, type LogTimeInput } from './log-time.ts';
export { MoveTime } from './move-time.ts';
export { TimeQueries } from './time-queries.ts';
export type { RatedPart } from './rate-work.ts';
export type { TimeEntryId, TimeTables } from './time-table.ts';
