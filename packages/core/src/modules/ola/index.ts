/**
 * OLAs: what the MSP's teams promise each other about the tickets that they have, each stay with a team a clock of its own, judged by `sla`'s engine.
 * Owns: all tables whose names begin with `ola_`.
 * Publishes: `ola.stay-warned`.
 */
export { olaModule } from './ola-module.ts';
export { olaStayWarned } from './stay-warned.ts';
export { StayWarningQueries, type StayWarning } from './stay-warning-queries.ts';
