/**
 * How staff write: drafts, canned replies with placeholders, macros of several steps, and who is named in what was written.
 * Owns: `reply_draft`, `reply_mention`, `reply_template`, `reply_macro`.
 */
export { repliesModule } from './replies-module.ts';
export { assertPlaceholders, fillPlainText } from './placeholders.ts';
export type { MacroStep } from './macro.ts';
export { RunMacro } from './run-macro.ts';
export { TicketValues } from './ticket-values.ts';
