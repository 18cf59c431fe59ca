/**
 * By what tickets are sorted before anybody works on them: the matrix of impact and urgency that gives their priority, and the tree of categories.
 * Owns: `desk_matrix`, `desk_category`.
 */
export { deskCatalogueModule } from './desk-catalogue-module.ts';
export { PriorityMatrix, type RatedPriority } from './priority-matrix.ts';
export { TicketCategories } from './ticket-categories.ts';
export { TICKET_TYPES, type TicketType } from './ticket-type.ts';
export { DEFAULT_MATRIX, type Level, type Priority } from './matrix.ts';
export type { DeskCategoryId } from './desk-catalogue-table.ts';
