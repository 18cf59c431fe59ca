import { describe, expect, it } from 'vitest';
import { newId } from '#kernel/id';
import { createRuleInput } from './rule-input.ts';

describe('a rule that is not one', () => {
  const sound = {
    name: 'x',
    definition: { when: { kind: 'opened' }, actions: [{ do: 'set-status', status: 'closed' }] },
  };
  const condition = (one: object) => ({
    ...sound,
    definition: { ...sound.definition, if: { groups: [{ match: 'all', conditions: [one] }] } },
  });
  const place = 'definition.if.groups.0.conditions.0';
  it.each([
    ['a field that there is not', condition({ field: 'mood', op: 'is', values: ['bad'] }), `${place}.field`],
    ['an operator of another type', condition({ field: 'status', op: 'has-any', values: ['new'] }), `${place}.op`],
    ['a value of another type', condition({ field: 'priority', op: 'is', values: ['high'] }), `${place}.values.0`],
    ['a status that there is not', condition({ field: 'status', op: 'is', values: ['gone'] }), `${place}.values.0`],
    ['nothing to compare with', condition({ field: 'queue', op: 'is', values: [] }), `${place}.values`],
    ['values for is-empty', condition({ field: 'queue', op: 'is-empty', values: [newId()] }), `${place}.values`],
    ['an id that is none', condition({ field: 'queue', op: 'is', values: ['first'] }), `${place}.values.0`],
    [
      'a pattern between slashes',
      condition({ field: 'subject', op: 'has-any', values: ['/vpn.*/i'] }),
      `${place}.values.0`,
    ],
    ['a pattern', condition({ field: 'subject', op: 'has-any', values: ['^vpn'] }), `${place}.values.0`],
    [
      'a pattern that runs for ever',
      condition({ field: 'body', op: 'has-any', values: ['(a+|b)+x'] }),
      `${place}.values.0`,
    ],
    ['words without letters', condition({ field: 'body', op: 'has-any', values: ['***'] }), `${place}.values.0`],
    ['no action', { ...sound, definition: { ...sound.definition, actions: [] } }, 'definition.actions'],
    [
      'an action that there is not',
      { ...sound, definition: { ...sound.definition, actions: [{ do: 'explode' }] } },
      'definition.actions.0.do',
    ],
    [
      'nobody to notify',
      { ...sound, definition: { ...sound.definition, actions: [{ do: 'notify', text: 'x' }] } },
      'definition.actions.0.staffIds',
    ],
    [
      'from a status that there is not',
      { ...sound, definition: { ...sound.definition, when: { kind: 'changed', field: 'status', from: ['x'] } } },
      'definition.when.from.0',
    ],
    [
      'from a value where only a change is heard',
      { ...sound, definition: { ...sound.definition, when: { kind: 'changed', field: 'queue', to: ['x'] } } },
      'definition.when.to.0',
    ],
    [
      'a time of day that there is not',
      {
        ...sound,
        definition: {
          ...sound.definition,
          when: { kind: 'schedule', at: '25:00', days: ['mon'], zone: 'Europe/London' },
        },
      },
      'definition.when.at',
    ],
    [
      'a zone that there is not',
      {
        ...sound,
        definition: { ...sound.definition, when: { kind: 'schedule', at: '09:00', days: ['mon'], zone: 'Mars/Base' } },
      },
      'definition.when.zone',
    ],
  ])('names the field: %s', (_, input, path) => {
    const result = createRuleInput.safeParse(input);
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('may have 10 groups of 20 conditions, and no more', () => {
    const one = { field: 'vip', op: 'is', value: true };
    const groups = (count: number, size: number) =>
      createRuleInput.safeParse({
        ...sound,
        definition: {
          ...sound.definition,
          if: {
            groups: Array.from({ length: count }, () => ({
              match: 'all',
              conditions: Array.from({ length: size }, () => one),
            })),
          },
        },
      }).success;
    expect([groups(10, 20), groups(11, 1), groups(1, 21)]).toEqual([true, false, false]);
  });
});
