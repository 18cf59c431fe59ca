import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareField, problemOf, type FieldComparison } from './field-comparison.ts';
import type { FieldType } from './field.ts';

const a = '01890000-0000-7000-8000-00000000000a';
const b = '01890000-0000-7000-8000-00000000000b';
type Op = FieldComparison['op'];

describe('compareField', () => {
  it.each<[Op, string[], string[], boolean]>([
    ['is', ['5.0'], ['5'], true],
    ['is', ['5'], ['6'], false],
    ['is', ['5'], [], false],
    ['is-not', ['5'], [], true],
    ['is', [a, b], [b], true],
    ['is-not', [a], [b, a], false],
    ['is', ['true'], ['true'], true],
    ['at-least', ['10'], ['9'], false],
    ['at-least', ['10'], ['10'], true],
    ['at-least', ['9.5'], ['10'], true],
    ['at-least', ['1'], [], false],
    ['at-most', ['0.1'], ['0.10'], true],
    ['at-most', ['0.1'], [], false],
    ['before', ['2026-11-20'], ['2026-11-19'], true],
    ['before', ['2026-11-20'], ['2026-11-20'], false],
    ['before', ['2026-11-20'], [], false],
    ['after', ['2026-11-20'], ['2026-12-01'], true],
    ['after', ['2026-11-20'], [], false],
    ['has-any', ['sn 12'], ['Device: SN-12'], true],
    ['has-any', ['sn 1'], ['Device: SN-12'], false],
    ['has-all', ['device', 'x'], ['Device: SN-12'], false],
    ['has-none', ['x'], [], true],
    ['is-empty', [], [], true],
    ['is-set', [], ['0'], true],
  ])('%s %j of %j is %s', (op, values, stored, isMet) => expect(compareField({ op, values }, stored)).toBe(isMet));

  it('is-not is never what is is', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.string()), (values, stored) => {
        expect(compareField({ op: 'is', values }, stored)).not.toBe(compareField({ op: 'is-not', values }, stored));
      }),
    );
  });
});

describe('problemOf', () => {
  it.each<[FieldType, Op, string[], string | null]>([
    ['number', 'at-least', ['5'], null],
    ['number', 'at-least', ['five'], 'values.0'],
    ['number', 'at-least', ['5', '6'], 'values'],
    ['number', 'has-any', ['5'], 'op'],
    ['date', 'before', ['2026-02-30'], 'values.0'],
    ['date', 'before', ['2026-02-28'], null],
    ['choice', 'is', ['red'], 'values.0'],
    ['choice', 'is', [a], null],
    ['choice', 'is', [], 'values'],
    ['checkbox', 'is', ['yes'], 'values.0'],
    ['text', 'is', ['x'], 'op'],
    ['text', 'has-any', ['***'], 'values.0'],
    ['asset', 'is-empty', [a], 'values'],
  ])('of a %s, %s %j: %s', (type, op, values, path) => {
    expect(problemOf(type, { op, values })?.path.join('.') ?? null).toBe(path);
  });
});
