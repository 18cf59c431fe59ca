/**
 * What follows when a ticket's clock comes to a percentage of its budget: people are told, and the ticket is raised, moved or assigned as its SLA policy says.
 * Owns no table: warnings are `sla`'s, notices are `notices`'.
 */
export { escalationsModule } from './escalations-module.ts';
