import { expect, test } from 'vitest';
import { rhythmChoices } from './rhythm-choices.ts';

test('a stream can be made slower, and never faster than its plugin asks for', () => {
  expect(rhythmChoices('PT4H', null).map(({ label }) => label)).toEqual([
    'Every 4 h, as the plugin asks for',
    'Every 12 h',
    'Every 1 d',
    'Every 7 d',
  ]);
  expect(rhythmChoices('P1W', null)).toHaveLength(1);
});

test('what was set by a program stays choosable', () => {
  expect(rhythmChoices('P1D', 90_000).map(({ value }) => value)).toEqual(['', '90000', '604800']);
});
