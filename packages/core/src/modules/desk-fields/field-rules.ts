import type { TicketType } from '#modules/desk-catalogue';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { DeskFieldId, DeskFieldsTables } from './desk-fields-table.ts';
import { readValue, type FieldType, type RawValue, type RequiredOn, type StoredValue } from './field.ts';

/** A definition that knows how to read its values. */
export interface FieldWithRule {
  readonly id: DeskFieldId;
  readonly name: string;
  readonly type: FieldType;
  readonly requiredOn: RequiredOn;
  readonly read: (raw: RawValue) => readonly StoredValue[] | string;
}

/** The fields that tickets of a type have now, as far as the audience goes. */
export async function fieldsFor(tx: ScopedTransaction<DeskFieldsTables>, type: TicketType): Promise<FieldWithRule[]> {
  const rows = await tx.query
    .selectFrom('desk_field')
    .select(['id', 'name', 'type', 'ticket_types', 'required_on', 'max_length', 'min_number', 'max_number'])
    .where('is_active', '=', true)
    .orderBy('place')
    .execute();
  const fields = rows.filter((row) => row.ticket_types.length === 0 || row.ticket_types.includes(type));
  const chosen = fields.filter((row) => row.type === 'choice' || row.type === 'multi-choice').map((row) => row.id);
  const choices =
    chosen.length === 0
      ? []
      : await tx.query
          .selectFrom('desk_field_choice')
          .select(['id', 'field_id'])
          .where('field_id', 'in', chosen)
          .where('is_active', '=', true)
          .execute();
  const byField = Map.groupBy(choices, (choice) => choice.field_id);
  return fields.map((row) => {
    const rule = {
      type: row.type,
      maxLength: row.max_length,
      min: row.min_number,
      max: row.max_number,
      choices: new Set<string>((byField.get(row.id) ?? []).map((choice) => choice.id)),
    };
    return {
      id: row.id,
      name: row.name,
      type: row.type,
      requiredOn: row.required_on,
      read: (raw) => readValue(rule, raw),
    };
  });
}
