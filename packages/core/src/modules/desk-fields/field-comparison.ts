import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { NotFoundError, InvalidInputError } from '#kernel/errors';
import { idSchema, isUuid } from '#kernel/id';
import { dateSchema, text } from '#kernel/text';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { DeskFieldsTables } from './desk-fields-table.ts';
import type { FieldType } from './field.ts';

/** All ways to compare a field; which of them fit is said by its type. */
export const FIELD_OPERATORS = [
  'is',
  'is-not',
  'at-least',
  'at-most',
  'before',
  'after',
  'has-any',
  'has-all',
  'has-none',
  'is-empty',
  'is-set',
] as const;
/** How a field's value is compared. Which of them fit is said by the field's type. */
export type FieldOperator = (typeof FIELD_OPERATORS)[number];

const CHOICE: readonly FieldOperator[] = ['is', 'is-not', 'is-empty', 'is-set'];
const WORDS: readonly FieldOperator[] = ['has-any', 'has-all', 'has-none', 'is-empty', 'is-set'];

const FITTING: Readonly<Record<FieldType, readonly FieldOperator[]>> = {
  text: WORDS,
  'long-text': WORDS,
  number: ['is', 'is-not', 'at-least', 'at-most', 'is-empty', 'is-set'],
  date: ['is', 'is-not', 'before', 'after', 'is-empty', 'is-set'],
  choice: CHOICE,
  'multi-choice': CHOICE,
  checkbox: CHOICE,
  contact: CHOICE,
  asset: CHOICE,
};

/** A comparison of one custom field, as it comes in. Numbers and dates come as texts: `2.50`, `2026-11-20`; choices, contacts and machines as ids; yes and no as `true` and `false`. */
export const fieldComparison = {
  fieldId: idSchema('desk-field'),
  op: z.enum(FIELD_OPERATORS),
  values: z
    .array(text({ max: 200 }))
    .max(50, { error: 'must be at most 50' })
    .default([]),
};
export const fieldComparisonInput = z.object(fieldComparison);
/** A comparison of one custom field. */
export type FieldComparison = z.output<typeof fieldComparisonInput>;

/**
 * Throws where a comparison does not fit its field: `desk-fields.field-not-found`, `desk-fields.comparison-refused`. `pathOf` says where the n-th stands in the input. A field that is
 * retired may still be asked for: tickets keep its values.
 */
export async function assertComparisons(
  tx: AnyTransaction,
  comparisons: readonly FieldComparison[],
  pathOf: (index: number) => readonly (string | number)[],
): Promise<void> {
  if (comparisons.length === 0) return;
  const rows = await tx
    .typed<DeskFieldsTables>()
    .query.selectFrom('desk_field')
    .select(['id', 'name', 'type'])
    .where(
      'id',
      'in',
      comparisons.map(({ fieldId }) => fieldId),
    )
    .execute();
  const fields = new Map(rows.map((row) => [row.id, row]));
  for (const [index, comparison] of comparisons.entries()) {
    const field = fields.get(comparison.fieldId);
    if (field === undefined)
      throw new NotFoundError('desk-fields.field-not-found', 'There is no such custom field.', {
        fields: [{ path: [...pathOf(index), 'fieldId'], message: 'is no custom field of this MSP' }],
      });
    const problem = problemOf(field.type, comparison);
    if (problem !== null)
      throw new InvalidInputError('desk-fields.comparison-refused', `${field.name}: ${problem.message}.`, {
        fields: [{ path: [...pathOf(index), ...problem.path], message: problem.message }],
      });
  }
}

/** What is wrong with a comparison of a field of a type; null where nothing is. */
export function problemOf(
  type: FieldType,
  { op, values }: Pick<FieldComparison, 'op' | 'values'>,
): { path: (string | number)[]; message: string } | null {
  if (!FITTING[type].includes(op))
    return { path: ['op'], message: `must be one of ${FITTING[type].join(', ')} for a ${type}` };
  if (op === 'is-empty' || op === 'is-set')
    return values.length === 0 ? null : { path: ['values'], message: 'must be left empty for is-empty and is-set' };
  if (values.length === 0) return { path: ['values'], message: 'must name at least one' };
  const isBound = op === 'at-least' || op === 'at-most' || op === 'before' || op === 'after';
  if (isBound && values.length > 1) return { path: ['values'], message: 'must be one' };
  const wrong = values.findIndex((value) => !VALUE[type](value));
  return wrong < 0 ? null : { path: ['values', wrong], message: `must be ${SHAPE[type]}` };
}

const hasWord = (value: string): boolean => wordsOf(value) !== '';
const VALUE: Readonly<Record<FieldType, (value: string) => boolean>> = {
  text: hasWord,
  'long-text': hasWord,
  number: (value) => isNumber(value),
  date: (value) => dateSchema.safeParse(value).success,
  choice: isUuid,
  'multi-choice': isUuid,
  checkbox: (value) => value === 'true' || value === 'false',
  contact: isUuid,
  asset: isUuid,
};
const SHAPE: Readonly<Record<FieldType, string>> = {
  text: 'words with a letter or a digit',
  'long-text': 'words with a letter or a digit',
  number: 'a number',
  date: 'a date such as 2026-11-20',
  choice: 'the id of a choice',
  'multi-choice': 'the id of a choice',
  checkbox: 'true or false',
  contact: 'the id of a contact',
  asset: 'the id of a machine',
};

/** Whether what a ticket has in a field, one text a row of it and none where it is empty, is what a comparison asks for. Nothing is never more, less, before or after. */
export function compareField(
  { op, values }: Pick<FieldComparison, 'op' | 'values'>,
  stored: readonly string[],
): boolean {
  const [first = ''] = stored;
  const [bound = ''] = values;
  switch (op) {
    case 'is-empty':
      return stored.length === 0;
    case 'is-set':
      return stored.length > 0;
    case 'is':
      return stored.some((one) => values.some((value) => isSame(one, value)));
    case 'is-not':
      return !stored.some((one) => values.some((value) => isSame(one, value)));
    case 'at-least':
      return isNumber(first) && new Decimal(first).gte(bound);
    case 'at-most':
      return isNumber(first) && new Decimal(first).lte(bound);
    case 'before':
      return first !== '' && first < bound;
    case 'after':
      return first > bound;
    case 'has-any':
      return values.some((value) => holds(first, value));
    case 'has-all':
      return values.every((value) => holds(first, value));
    case 'has-none':
      return !values.some((value) => holds(first, value));
  }
}

function isSame(one: string, other: string): boolean {
  return isNumber(one) && isNumber(other) ? new Decimal(one).equals(other) : one === other.toLowerCase();
}

function isNumber(value: string): boolean {
  return value.length <= 20 && /^-?\d+(\.\d+)?$/.test(value);
}

function holds(value: string, words: string): boolean {
  return ` ${wordsOf(value)} `.includes(` ${wordsOf(words)} `);
}

/** A text as its words, in lower case and without what stands between them: `Re: VPN-down!` is `re vpn down`. */
export function wordsOf(value: string): string {
  return (
    value
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).join(' ');
}
