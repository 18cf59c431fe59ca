/**
 * Checklists on tickets: templates, the lists that were made from them, and what of them must be done before a ticket is resolved.
 * Owns: all tables whose names begin with `checklist`.
 */
export { ticketChecklistsModule } from './checklists-module.ts';
export { ChecklistTemplates } from './checklist-templates.ts';
export { Checklists } from './checklists.ts';
export { MoveChecklists } from './move-checklists.ts';
export { ChecklistQueries, type ChecklistProgress } from './checklist-queries.ts';
export type { ChecklistId, ChecklistTables, ChecklistTemplateId } from './checklist-table.ts';
