/**
 * SLA clocks: what counts as working time, what was promised, and when a promise is due, met or broken, with the timeline that shows why.
 * Owns no table.
 */
export { slaModule } from './sla-module.ts';
