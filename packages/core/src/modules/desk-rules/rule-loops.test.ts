import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainTicket } from '../../../../../test/support/plain-ticket.ts';
import { newId } from '#kernel/id';
import type { MacroStep } from '#modules/replies';
import { TICKET_STATUSES } from '#modules/tickets';
import { changesFields, doesSomething, factsAfter, planActions } from '#modules/rule-actions';
import { type RuleEvent, type TicketFacts, evaluateRule } from '#modules/rule-conditions';
import { MAX_DEPTH, MAX_RUNS_PER_HOUR, type PastRun, chainOf, permitOf } from './chain-guard.ts';
import { type LoopingRule, findLoops } from './find-loops.ts';
import { definitionSchema } from './rule-input.ts';

const around = { now: Temporal.Instant.from('2026-11-20T09:00:00Z'), isInHours: () => true, categoriesAbove: () => [] };

function rule(name: string, definition: object): LoopingRule {
  return { id: name, name, definition: definitionSchema.parse(definition) };
}

const onStatus = (to: string[], set: string, more: object = {}) =>
  rule(`${to.join()}→${set}`, {
    when: { kind: 'changed', field: 'status', to },
    actions: [{ do: 'set-status', status: set }],
    ...more,
  });

describe('findLoops', () => {
  it('finds two rules that take back what the other did', () => {
    const there = onStatus(['in-progress'], 'waiting-client');
    const back = onStatus(['waiting-client'], 'in-progress');
    const [loop] = findLoops(there, [back]);
    expect(loop).toMatchObject({ field: 'status', isCertain: true });
    expect(loop?.rules).toEqual([there, back]);
  });

  it('finds a ring of three', () => {
    const others = [onStatus(['waiting-vendor'], 'in-progress'), onStatus(['in-progress'], 'waiting-client')];
    expect(findLoops(onStatus(['waiting-client'], 'waiting-vendor'), others)[0]?.rules).toHaveLength(3);
  });

  it('is not sure where other conditions may keep the rules apart', () => {
    const vip = (value: boolean) => ({
      if: { groups: [{ match: 'all', conditions: [{ field: 'vip', op: 'is', value }] }] },
    });
    const there = onStatus(['in-progress'], 'waiting-client', vip(true));
    const back = onStatus(['waiting-client'], 'in-progress', vip(false));
    expect(findLoops(there, [back])).toMatchObject([{ isCertain: false }]);
  });

  it('finds none where a condition on the field itself keeps them apart', () => {
    const there = onStatus([], 'waiting-client', {
      if: { groups: [{ match: 'all', conditions: [{ field: 'status', op: 'is', values: ['resolved'] }] }] },
    });
    expect(findLoops(there, [onStatus(['waiting-client'], 'in-progress')])).toEqual([]);
  });

  it('lets a rule set again what it heard of: the second time there is nothing to set', () => {
    expect(findLoops(onStatus([], 'closed'), [])).toEqual([]);
  });

  it('finds rules of time that toggle a status', () => {
    const timed = (from: string, to: string) =>
      rule(`${from} later ${to}`, {
        when: { kind: 'time', since: 'status', minutes: 60 },
        if: { groups: [{ match: 'all', conditions: [{ field: 'status', op: 'is', values: [from] }] }] },
        actions: [{ do: 'set-status', status: to }],
      });
    expect(findLoops(timed('in-progress', 'waiting-vendor'), [timed('waiting-vendor', 'in-progress')])).toMatchObject([
      { isCertain: true },
    ]);
  });

  it('looks into the macros that rules run', () => {
    const [there, back] = [newId(), newId()];
    const byMacro = (to: string, macroId: string) =>
      rule(`${to} by macro`, {
        when: { kind: 'changed', field: 'status', to: [to] },
        actions: [{ do: 'run-macro', macroId }],
      });
    const rules = [byMacro('in-progress', there), byMacro('waiting-client', back)] as const;
    const macros = new Map<string, readonly MacroStep[]>([
      [
        there,
        [
          { kind: 'note', html: '<p>Waits</p>' },
          { kind: 'status', status: 'waiting-client' },
        ],
      ],
      [
        back,
        [
          { kind: 'priority', priority: 1 },
          { kind: 'status', status: 'in-progress' },
        ],
      ],
    ]);
    expect(findLoops(rules[0], [rules[1]], macros)).toMatchObject([{ field: 'status', isCertain: true }]);
    expect(findLoops(rules[0], [onStatus(['waiting-client'], 'in-progress')], macros)).toHaveLength(1);
    expect(findLoops(rules[0], [rules[1]], new Map([...macros].slice(0, 1)))).toEqual([]);
  });

  it('is done in a moment with a thousand rules', () => {
    const rules = Array.from({ length: 1000 }, (_, index) => ({
      ...onStatus([TICKET_STATUSES[index % 6] ?? 'new'], TICKET_STATUSES[(index + 1) % 6] ?? 'new'),
      id: `rule ${index}`,
    }));
    const begun = performance.now();
    findLoops(rules[0]!, rules);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});

/** The engine without a database: what one event sets off, with the guard in its place. */
function setOff(rules: readonly LoopingRule[], ticket: TicketFacts, first: RuleEvent) {
  const runs: PastRun[] = [];
  const ended: string[] = [];
  const off = new Set<string>();
  let seen = ticket;
  const events: { event: RuleEvent; version: number }[] = [{ event: first, version: seen.version }];
  for (let next = events.shift(); next !== undefined; next = events.shift()) {
    for (const { id, definition } of rules) {
      if (off.has(id) || evaluateRule(definition, next.event, seen, around)?.matches !== true) continue;
      const plan = planActions(definition.actions, seen);
      const chain = chainOf(runs, next.version, 'first');
      const would = { changeFields: changesFields(plan), doSomething: doesSomething(plan) };
      const permit = permitOf(id, chain, would, runs.length);
      ended.push(permit);
      if (permit === 'loop') off.add(id);
      if (permit !== 'run') continue;
      const after = factsAfter(seen, plan);
      const changes = plan.flatMap(({ effect }) => (effect.kind === 'set' ? [effect] : []));
      const version = seen.version + changes.length;
      runs.push({
        ruleId: id,
        chainId: chain.id,
        depth: chain.depth + 1,
        fromVersion: seen.version,
        toVersion: version,
      });
      for (const [index, change] of changes.entries())
        events.push({ event: { kind: 'changed', changes: [change] }, version: seen.version + index + 1 });
      seen = { ...after, version };
    }
  }
  return { runs, ended, off };
}

const anyRules = fc.array(
  fc.record({
    field: fc.constantFrom('status', 'priority', 'type'),
    to: fc.option(fc.nat({ max: 5 }), { nil: null }),
    set: fc.array(fc.tuple(fc.constantFrom('status', 'priority', 'type', 'note'), fc.nat({ max: 5 })), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: 40 },
);
const VALUES = {
  status: TICKET_STATUSES,
  priority: ['1', '2', '3', '4'],
  type: ['incident', 'request', 'problem', 'task'],
} as const;

function madeOf(rules: readonly { field: string; to: number | null; set: readonly (readonly [string, number])[] }[]) {
  const value = (field: string, index: number): string => {
    const values = VALUES[field as keyof typeof VALUES];
    return values[index % values.length] ?? 'new';
  };
  return rules.map(({ field, to, set }, index) =>
    rule(`rule ${index}`, {
      when: { kind: 'changed', field, to: to === null ? [] : [value(field, to)] },
      actions: set.map(([what, which]) => {
        if (what === 'note') return { do: 'add-note', text: 'x' };
        const set = value(what, which);
        return { do: `set-${what}`, [what]: what === 'priority' ? Number(set) : set };
      }),
    }),
  );
}

describe('loop protection', () => {
  it('ends whatever rules there are: each runs at most once for what one person did', () => {
    fc.assert(
      fc.property(anyRules, fc.constantFrom(...TICKET_STATUSES), (some, status) => {
        const rules = madeOf(some);
        const event = { kind: 'changed', changes: [{ field: 'status', from: null, to: status }] } as const;
        const { runs } = setOff(rules, { ...plainTicket, status }, event);
        expect(runs.length).toBeLessThanOrEqual(Math.min(rules.length, MAX_RUNS_PER_HOUR));
        expect(new Set(runs.map((run) => run.ruleId)).size).toBe(runs.length);
        expect(Math.max(0, ...runs.map((run) => run.depth))).toBeLessThanOrEqual(MAX_DEPTH);
      }),
      { numRuns: 300 },
    );
  });

  it('tells a rule that comes round and changes again from one that finds all done', () => {
    const there = onStatus(['in-progress'], 'waiting-client');
    const back = onStatus(['waiting-client'], 'in-progress');
    const event = { kind: 'changed', changes: [{ field: 'status', from: 'new', to: 'in-progress' }] } as const;
    const round = setOff([there, back], { ...plainTicket, status: 'in-progress' }, event);
    expect(round.ended).toEqual(['run', 'run', 'loop']);
    expect([...round.off]).toEqual([there.id]);
    const still = setOff([onStatus([], 'waiting-client')], { ...plainTicket, status: 'in-progress' }, event);
    expect(still.ended).toEqual(['run', 'skip']);
    expect(still.off.size).toBe(0);
  });

  it('stops at so many in an hour', () => {
    const chain = { id: 'x', depth: 0, ruleIds: new Set<string>() };
    const would = { changeFields: true, doSomething: true };
    expect(permitOf('a', chain, would, MAX_RUNS_PER_HOUR - 1)).toBe('run');
    expect(permitOf('a', chain, would, MAX_RUNS_PER_HOUR)).toBe('too-many');
    expect(permitOf('a', { ...chain, depth: MAX_DEPTH }, would, 0)).toBe('too-deep');
  });
});
