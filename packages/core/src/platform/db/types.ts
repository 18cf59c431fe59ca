import { Decimal } from 'decimal.js';
import pg from 'pg';

const { builtins } = pg.types;

/**
 * PostgreSQL's texts as the values that the code works with: instants, dates and decimals, never `Date` or floats. `bigint` becomes a number and
 * refuses what a number cannot hold exactly.
 */
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.TIMESTAMPTZ, parseInstant],
  [builtins.DATE, (text) => Temporal.PlainDate.from(text)],
  [builtins.NUMERIC, (text) => new Decimal(text)],
  [builtins.INT8, parseSafeInteger],
]);

/** The type parsers of every pool that we open. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    parsers.get(oid) ?? pg.types.getTypeParser(oid, format ?? 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/** `2026-11-20 20:54:10.5+00` → instant. PostgreSQL's ISO style differs from RFC 3339 in the space and the short offset. */
function parseInstant(text: string): Temporal.Instant {
  const iso = text.replace(' ', 'T');
  return Temporal.Instant.from(/[+-]\d\d$/.test(iso) ? `${iso}:00` : iso);
}

function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a safe integer`);
  return value;
}

/** What a parameter becomes on its way to PostgreSQL: Temporal and Decimal values as their texts. */
export function toParameter(value: unknown): unknown {
  if (value instanceof Temporal.Instant || value instanceof Temporal.PlainDate || value instanceof Decimal)
    return value.toString();
  return value;
}
