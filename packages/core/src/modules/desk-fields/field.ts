import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { isUuid } from '#kernel/id';
import { dateSchema, text } from '#kernel/text';

export const FIELD_TYPES = [
  'text',
  'long-text',
  'number',
  'date',
  'choice',
  'multi-choice',
  'checkbox',
  'contact',
  'asset',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** When a ticket may not be without it: when a person opens it, or when it is resolved. */
export const REQUIRED_ON = ['never', 'open', 'resolve'] as const;
export type RequiredOn = (typeof REQUIRED_ON)[number];

/** As much of a definition as a value is judged by. */
export interface FieldRule {
  readonly type: FieldType;
  readonly maxLength: number | null;
  readonly min: Decimal | null;
  readonly max: Decimal | null;
  /** The choices that can be made now. */
  readonly choices: ReadonlySet<string>;
}

/** What may come for a value: a text, a number, a date as text, a choice’s id, several ids, yes or no, the id of a contact or asset; null and empty take it away. */
export type RawValue = string | number | boolean | readonly string[] | null;

/** One row of a value; a value of several choices has several. */
export interface StoredValue {
  readonly value: string;
  readonly number?: Decimal;
  readonly choiceId?: string;
}

const LIMIT = { text: 200, 'long-text': 5000 } as const;
/** More digits than any quantity or amount has, and few enough for every reader. */
const MAX_DIGITS = 20;

/** The rows of a value, none where there is nothing, or what is wrong with it, as it follows the field’s name: `must be a number`. */
export function readValue(rule: FieldRule, raw: RawValue): readonly StoredValue[] | string {
  if (raw === null || raw === '' || (Array.isArray(raw) && raw.length === 0)) return [];
  switch (rule.type) {
    case 'text':
    case 'long-text':
      return readText(raw, rule.maxLength ?? LIMIT[rule.type]);
    case 'number':
      return readNumber(rule, raw);
    case 'date':
      return dateSchema.safeParse(raw).success ? [{ value: String(raw) }] : 'must be a date such as 2026-11-20';
    case 'checkbox':
      return typeof raw === 'boolean' ? [{ value: String(raw) }] : 'must be true or false';
    case 'choice':
      return Array.isArray(raw) ? 'takes one choice' : readChoices(rule, [raw as string]);
    case 'multi-choice':
      return Array.isArray(raw) ? readChoices(rule, raw) : 'must be a list of choices';
    case 'contact':
    case 'asset':
      return typeof raw === 'string' && isUuid(raw)
        ? [{ value: raw.toLowerCase() }]
        : `must be the id of ${rule.type === 'asset' ? 'an asset' : 'a contact'}`;
  }
}

function readText(raw: RawValue, max: number): readonly StoredValue[] | string {
  const parsed = text({ min: 0, max }).safeParse(raw);
  if (!parsed.success)
    return typeof raw === 'string' ? (parsed.error.issues[0]?.message ?? 'is wrong') : 'must be a text';
  return parsed.data === '' ? [] : [{ value: parsed.data }];
}

function readNumber({ min, max }: FieldRule, raw: RawValue): readonly StoredValue[] | string {
  // Both ways in: JSON's own numbers, and texts, which carry what a float cannot.
  const words = typeof raw === 'number' ? String(raw) : typeof raw === 'string' ? raw.trim() : '';
  if (!/^-?\d+(\.\d+)?$/.test(words) || words.length > MAX_DIGITS) return 'must be a number';
  const number = new Decimal(words);
  if (min !== null && number.lessThan(min)) return `must be at least ${min.toFixed()}`;
  if (max !== null && number.greaterThan(max)) return `must be at most ${max.toFixed()}`;
  return [{ value: number.toFixed(), number }];
}

function readChoices({ choices }: FieldRule, raw: readonly unknown[]): readonly StoredValue[] | string {
  const ids = [...new Set(raw)];
  const known = ids.filter((id) => typeof id === 'string' && choices.has(id)) as string[];
  if (known.length < ids.length) return 'must be one of its choices';
  return known.map((choiceId) => ({ value: choiceId, choiceId }));
}

/** A raw value as it comes in. What it must be is known only with its field. */
export const rawValueSchema = z.union([
  z.string().max(20_000, { error: 'must have at most 20000 characters' }),
  z.number(),
  z.boolean(),
  z.array(z.string().max(100)).max(200, { error: 'must be at most 200 choices' }),
  z.null(),
]);
