import { expect, test } from 'vitest';
import { conditionInWords, hiddenRules, hoursInWords, movedRule, NEW_RULE, type Rule } from './policy-words.ts';

const rule = (change: Partial<Rule>): Rule => ({ ...NEW_RULE, note: 'x', ...change });

test('a rule is read as a sentence', () => {
  expect(conditionInWords(rule({}))).toBe('Anything');
  expect(
    conditionInWords(
      rule({
        actors: ['automation'],
        effects: ['delete', 'execute'],
        blasts: ['many', 'clients'],
        disruptions: ['outage'],
        window: 'working-hours',
      }),
    ),
  ).toBe(
    'Deleting or acting on machines by an automation, reaching more than ten things or more than one client, where there is an outage, in working hours',
  );
});

test('all values of a list are as good as none', () => {
  expect(conditionInWords(rule({ actors: ['ai', 'person', 'automation'] }))).toBe('Anything');
});

test('working hours are read as a row of days or one by one', () => {
  expect(hoursInWords({ days: [5, 1, 2, 3, 4], from: '08:00', until: '18:00' })).toBe(
    'Monday to Friday, 08:00 to 18:00',
  );
  expect(hoursInWords({ days: [1, 3, 6], from: '09:00', until: '12:30' })).toBe(
    'Monday, Wednesday and Saturday, 09:00 to 12:30',
  );
  expect(hoursInWords({ days: [], from: '09:00', until: '12:30' })).toBe('There are no working hours');
});

test('a rule changes places with its neighbour, and stays at the ends', () => {
  const [a, b] = [rule({ note: 'a' }), rule({ note: 'b' })];
  expect(movedRule([a, b], 0, 1).map(({ note }) => note)).toEqual(['b', 'a']);
  expect(movedRule([a, b], 0, -1).map(({ note }) => note)).toEqual(['a', 'b']);
  expect(movedRule([a, b], 1, 1).map(({ note }) => note)).toEqual(['a', 'b']);
});

test('a rule under a wider one is found, one beside it is not', () => {
  const wide = rule({ effects: ['delete', 'execute'] });
  expect(hiddenRules([wide, rule({ effects: ['delete'], blasts: ['one'] })])).toEqual([1]);
  expect(hiddenRules([wide, rule({ effects: ['delete', 'update'] })])).toEqual([]);
  expect(hiddenRules([wide, rule({ blasts: ['one'] })])).toEqual([]);
  expect(hiddenRules([rule({ window: 'working-hours' }), rule({})])).toEqual([]);
  expect(hiddenRules([rule({}), rule({ window: 'working-hours' })])).toEqual([1]);
});
