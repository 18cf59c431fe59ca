import { expect, test } from 'vitest';
import { startText, toText, toValue } from './form-values.ts';

test('what is typed becomes the value that the field wants', () => {
  expect(toValue({ kind: 'integer' }, '5')).toBe(5);
  expect(toValue({ kind: 'integer' }, 'five')).toBe('five');
  expect(toValue({ kind: 'text' }, '  ')).toBeUndefined();
  expect(toValue({ kind: 'boolean' }, 'false')).toBe(false);
  expect(toValue({ kind: 'list', of: { kind: 'integer' } }, '1\n\n 2 ')).toEqual([1, 2]);
  expect(toValue({ kind: 'json' }, '{"a":1}')).toEqual({ a: 1 });
});

test('a stored value comes back as it was typed', () => {
  expect(toText({ kind: 'list', of: { kind: 'text' } }, ['a', 'b'])).toBe('a\nb');
  expect(toText({ kind: 'boolean' }, true)).toBe('true');
  expect(toText({ kind: 'text' }, null)).toBe('');
  expect(startText({ kind: 'choice', values: ['eu', 'us'], default: 'eu' })).toBe('eu');
});
