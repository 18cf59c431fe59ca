import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { scopedQuery } from '#platform/db/scoped-query';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { DeskFieldsTables } from './desk-fields-table.ts';
import type { FieldType } from './field.ts';
import type { FieldValueView } from './field-value-input.ts';

interface NamedTables {
  contact: { msp_id: string; id: string; name: string };
  asset: { msp_id: string; id: string; name: string };
}

interface Row {
  readonly ticket_id: Id<'ticket'>;
  readonly field_id: FieldValueView['fieldId'];
  readonly name: string;
  readonly type: FieldType;
  readonly value: string;
  readonly label: string | null;
}

type Tables = DeskFieldsTables & NamedTables;

const valuesOfTickets = scopedQuery<Tables, { ticketIds: readonly Id<'ticket'>[] }>()<Row>((query, p) =>
  query
    .selectFrom('desk_field_value as v')
    .innerJoin('desk_field as f', 'f.id', 'v.field_id')
    .leftJoin('desk_field_choice as c', 'c.id', 'v.choice_id')
    .leftJoin('contact', 'contact.id', sql<never>`v.contact_id` as never)
    .leftJoin('asset', 'asset.id', sql<never>`v.asset_id` as never)
    .select(['v.ticket_id', 'v.field_id', 'f.name', 'f.type', 'v.value'])
    .select(sql<string | null>`coalesce(c.label, contact.name, asset.name)`.as('label'))
    .where('v.ticket_id', '=', sql<never>`any(${p('ticketIds')}::uuid[])`)
    .orderBy('f.place')
    .orderBy('f.id')
    .orderBy('c.place'),
);

/** Values with the names of what they point at, by ticket, in the order of fields and choices. */
export async function readViews(
  db: ScopedDb<DeskFieldsTables>,
  scope: TenantScope,
  ticketIds: readonly Id<'ticket'>[],
): Promise<Map<string, FieldValueView[]>> {
  const views = new Map<string, FieldValueView[]>();
  if (ticketIds.length === 0) return views;
  const rows = await (db as unknown as ScopedDb<Tables>).run(scope, valuesOfTickets, { ticketIds });
  for (const ofTicket of Map.groupBy(rows, (row) => row.ticket_id).values()) {
    const first = ofTicket[0];
    if (first === undefined) continue;
    const fields = Map.groupBy(ofTicket, (row) => row.field_id);
    views.set(first.ticket_id, [...fields.values()].flatMap(viewOf));
  }
  return views;
}

function viewOf(rows: readonly Row[]): FieldValueView[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { field_id: fieldId, name, type } = first;
  const text = rows.map((row) =>
    type === 'checkbox' ? (row.value === 'true' ? 'Yes' : 'No') : (row.label ?? row.value),
  );
  const value =
    type === 'multi-choice' ? rows.map((row) => row.value) : type === 'checkbox' ? first.value === 'true' : first.value;
  return [{ fieldId, name, type, value, text: text.join(', ') }];
}
