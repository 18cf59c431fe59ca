import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { readValue, type FieldRule, type FieldType, type RawValue } from './field.ts';

const rule = (type: FieldType, more: Partial<FieldRule> = {}): FieldRule => ({
  type,
  maxLength: null,
  min: null,
  max: null,
  choices: new Set(['a', 'b']),
  ...more,
});
const values = (type: FieldType, raw: RawValue, more: Partial<FieldRule> = {}) => {
  const read = readValue(rule(type, more), raw);
  return typeof read === 'string' ? read : read.map(({ value }) => value);
};
const ID = '01900000-0000-7000-8000-00000000000a';

describe('readValue', () => {
  it.each<[FieldType, RawValue, string[]]>([
    ['text', '  Paper jam ', ['Paper jam']],
    ['number', 12.5, ['12.5']],
    ['number', '12345678901234567.25', ['12345678901234567.25']],
    ['number', '1.50', ['1.5']],
    ['date', '2028-02-29', ['2028-02-29']],
    ['checkbox', false, ['false']],
    ['choice', 'a', ['a']],
    ['multi-choice', ['b', 'a', 'b'], ['b', 'a']],
    ['asset', ID.toUpperCase(), [ID]],
  ])('keeps %s %j as %j', (type, raw, kept) => expect(values(type, raw)).toEqual(kept));

  it.each<[FieldType, RawValue]>([
    ['text', ''],
    ['text', '   '],
    ['choice', null],
    ['multi-choice', []],
  ])('has nothing for %s %j', (type, raw) => expect(values(type, raw)).toEqual([]));

  it.each<[FieldType, RawValue, string]>([
    ['text', 5, 'must be a text'],
    ['text', 'x'.repeat(201), 'must have at most 200 characters'],
    ['text', 'a\0b', 'must not contain a NUL character'],
    ['number', 'many', 'must be a number'],
    ['number', '1e9', 'must be a number'],
    ['number', true, 'must be a number'],
    ['number', '9'.repeat(30), 'must be a number'],
    ['date', '2027-02-29', 'must be a date such as 2026-11-20'],
    ['date', 20261120, 'must be a date such as 2026-11-20'],
    ['checkbox', 'yes', 'must be true or false'],
    ['choice', 'c', 'must be one of its choices'],
    ['choice', ['a', 'b'], 'takes one choice'],
    ['choice', 7, 'must be one of its choices'],
    ['multi-choice', 'a', 'must be a list of choices'],
    ['multi-choice', ['a', 'c'], 'must be one of its choices'],
    ['contact', 'Ada', 'must be the id of a contact'],
  ])('refuses %s %j: %s', (type, raw, message) => expect(values(type, raw)).toBe(message));

  it('keeps to the limits of the field', () => {
    const limits = { min: new Decimal('0.5'), max: new Decimal(10), maxLength: 3 };
    expect(values('number', 0.4, limits)).toBe('must be at least 0.5');
    expect(values('number', '10.01', limits)).toBe('must be at most 10');
    expect(values('number', 10, limits)).toEqual(['10']);
    expect(values('text', 'four', limits)).toBe('must have at most 3 characters');
  });
});
