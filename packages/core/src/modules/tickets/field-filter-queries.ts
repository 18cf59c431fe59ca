import { sql, type ExpressionBuilder, type ExpressionWrapper, type RawBuilder, type SqlBool } from 'kysely';
import { FIELD_OPERATORS, readFieldFilter, type FieldOperator } from '#modules/desk-fields';
import type { TicketTables } from './ticket-table.ts';

/** How many custom fields one list is narrowed by. */
export const MAX_FIELD_FILTERS = 3;
const PLACES = [0, 1, 2] as const;

/** One comparison of a custom field, by its place and its operator: each combination is a statement of its own. */
export type FieldNarrowingName = `field${(typeof PLACES)[number]} ${FieldOperator}`;
/** The field's id, then what it is compared with. */
export type FieldNarrowing = { readonly [Name in FieldNarrowingName]?: readonly string[] | undefined };

type Builder = ExpressionBuilder<TicketTables, 'ticket'>;
type FieldCondition = (
  ticket: Builder,
  value: (name: never) => unknown,
) => ExpressionWrapper<TicketTables, 'ticket', SqlBool>;

/** The comparisons of a filter as values. */
export function fieldNarrowingOf(fields: readonly string[] | undefined): FieldNarrowing {
  const narrowing: Record<string, readonly string[]> = {};
  for (const [place, text] of (fields ?? []).slice(0, MAX_FIELD_FILTERS).entries()) {
    const read = readFieldFilter(text);
    if (typeof read !== 'string') narrowing[`field${place} ${read.op}`] = [read.fieldId, ...read.values];
  }
  return narrowing;
}

/** What holds of the values of the field whose id comes first in `given`. */
const HOLDS: Readonly<Record<FieldOperator, (given: RawBuilder<unknown>) => RawBuilder<unknown>>> = {
  is: (given) => sql`and v.key = any((${given})[2:])`,
  'is-not': (given) => sql`and v.key = any((${given})[2:])`,
  'at-least': (given) => sql`and v.number_value >= (${given})[2]::numeric`,
  'at-most': (given) => sql`and v.number_value <= (${given})[2]::numeric`,
  before: (given) => sql`and v.key < (${given})[2]`,
  after: (given) => sql`and v.key > (${given})[2]`,
  'has-any': (given) =>
    sql`and exists (select from unnest((${given})[2:]) w(word) where v.search @@ phraseto_tsquery('simple', w.word))`,
  'has-all': (given) =>
    sql`and not exists (select from unnest((${given})[2:]) w(word) where not v.search @@ phraseto_tsquery('simple', w.word))`,
  'has-none': (given) =>
    sql`and exists (select from unnest((${given})[2:]) w(word) where v.search @@ phraseto_tsquery('simple', w.word))`,
  'is-empty': () => sql``,
  'is-set': () => sql``,
};
/** A ticket without a value is none of them, has none of the words, and is empty. */
const LACKING: ReadonlySet<FieldOperator> = new Set(['is-not', 'has-none', 'is-empty']);

/** Each condition by its name. What is asked for is found by the index of values; what is lacking is looked up at each ticket. */
export const FIELD_CONDITIONS: Readonly<Record<FieldNarrowingName, FieldCondition>> = Object.fromEntries(
  PLACES.flatMap((place) =>
    FIELD_OPERATORS.map((op) => {
      const name = `field${place} ${op}` as const;
      const condition: FieldCondition = (ticket, value) => {
        const given = sql`${value(name as never)}::text[]`;
        const of = sql`from desk_field_value v where v.msp_id = ticket.msp_id and v.field_id = (${given})[1]::uuid ${HOLDS[op](given)}`;
        const at = sql`v.client_id = ticket.client_id and v.ticket_id = ticket.id`;
        return ticket.and([
          LACKING.has(op)
            ? sql<SqlBool>`not exists (select ${of} and ${at})`
            : sql<SqlBool>`ticket.id in (select v.ticket_id ${of})`,
        ]);
      };
      return [name, condition] as const;
    }),
  ),
) as Record<FieldNarrowingName, FieldCondition>;
