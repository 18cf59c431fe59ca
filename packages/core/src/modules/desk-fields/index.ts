/**
 * What an MSP wants to know of its tickets beyond what every ticket has: custom fields, typed and by type of ticket, and their values.
 * Owns: `desk_field` and all tables whose names begin with `desk_field_`.
 */
export { deskFieldsModule } from './desk-fields-module.ts';
export { FieldValues } from './field-values.ts';
export { createFieldInput, fieldView, TicketFields } from './ticket-fields.ts';
export { fieldValueInput, fieldValueView, type FieldValueInput, type FieldValueView } from './field-value-input.ts';
export type { DeskFieldId } from './desk-fields-table.ts';
export { fieldFilterText, readFieldFilter } from './field-filter.ts';
export {
  assertComparisons,
  compareField,
  fieldComparison,
  FIELD_OPERATORS,
  wordsOf,
  type FieldComparison,
  type FieldOperator,
} from './field-comparison.ts';
