import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { isUuid } from '#kernel/id';
import { dateSchema } from '#kernel/text';
import { fieldComparisonInput, FIELD_OPERATORS, type FieldComparison, type FieldOperator } from './field-comparison.ts';

const MAX_LENGTH = 2000;
const BOUNDS: ReadonlySet<FieldOperator> = new Set(['at-least', 'at-most', 'before', 'after']);

/**
 * A comparison of a custom field in one text, as addresses and stored views hold it: `<field id>:at-least:10`, `<field id>:is:<choice>|<choice>`, `<field id>:is-empty`. Values are
 * percent-encoded.
 */
export const fieldFilterText = z
  .string()
  .max(MAX_LENGTH, { error: `must have at most ${MAX_LENGTH} characters` })
  .superRefine((value, context) => {
    const read = readFieldFilter(value);
    if (typeof read === 'string') context.addIssue({ code: 'custom', message: read });
  });

/** The comparison that a text stands for, or what is wrong with it. */
export function readFieldFilter(value: string): FieldComparison | string {
  const [fieldId = '', op = '', ...rest] = value.split(':');
  const operator = FIELD_OPERATORS.find((one) => one === op);
  if (!isUuid(fieldId)) return 'must begin with the id of a custom field';
  if (operator === undefined) return `must name one of ${FIELD_OPERATORS.join(', ')} after the field`;
  const given = rest.join(':');
  const parsed = fieldComparisonInput.safeParse({ fieldId, op: operator, values: valuesIn(given) });
  if (!parsed.success) return parsed.error.issues[0]?.message ?? 'is wrong';
  return problemIn(parsed.data) ?? { ...parsed.data, values: parsed.data.values.map(canonical) };
}

function valuesIn(given: string): string[] | null {
  try {
    return given === '' ? [] : given.split('|').map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** What would not even be a question to the database. */
function problemIn({ op, values }: FieldComparison): string | null {
  const isPresence = op === 'is-empty' || op === 'is-set';
  if (isPresence !== (values.length === 0)) return isPresence ? 'must have no value' : 'must have a value';
  const [bound = ''] = values;
  if (BOUNDS.has(op) && values.length > 1) return 'must have one value';
  if ((op === 'at-least' || op === 'at-most') && !isNumber(bound)) return 'must compare with a number';
  if ((op === 'before' || op === 'after') && !dateSchema.safeParse(bound).success) return 'must compare with a date';
  return null;
}

/** As values are stored: `2.50` as `2.5`, ids in lower case. */
function canonical(value: string): string {
  if (isNumber(value)) return new Decimal(value).toFixed();
  return isUuid(value) ? value.toLowerCase() : value;
}

function isNumber(value: string): boolean {
  return value.length <= 20 && /^-?\d+(\.\d+)?$/.test(value);
}
