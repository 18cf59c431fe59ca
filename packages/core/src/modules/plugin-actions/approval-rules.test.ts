import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientId } from '#kernel/id';
import {
  ACTOR_KINDS,
  approvalsFor,
  DEFAULT_HOURS,
  DEFAULT_RULES,
  isWorkingTime,
  judge,
  type Judged,
} from './approval-rules.ts';
import { blastInWords, blastOf, blastRadius, type BlastRadius } from './blast-radius.ts';

const one: BlastRadius = { devices: 1, users: 0, others: 0, scopes: 1, clients: 1, unknown: 0 };
const atWork = Temporal.ZonedDateTime.from('2026-11-20T10:00[Europe/London]');
const atNight = Temporal.ZonedDateTime.from('2026-11-20T23:00[Europe/London]');
const base: Judged = { effect: 'update', blast: one, disruption: 'none', actor: 'person', at: atWork };
const verdict = (over: Partial<Judged>) => judge(DEFAULT_RULES, DEFAULT_HOURS, { ...base, ...over }).verdict;

describe('the default rules', () => {
  it.each([
    ['a read', { effect: 'read', blast: { ...one, devices: 500, clients: 30 } }, 'run'],
    ['one update', {}, 'run'],
    ['one script', { effect: 'execute' }, 'run'],
    ['one deletion', { effect: 'delete' }, 'approve-1'],
    ['eleven updates', { blast: { ...one, devices: 11 } }, 'approve-1'],
    ['eleven reboots', { effect: 'execute', blast: { ...one, devices: 11 } }, 'approve-2'],
    ['two clients', { blast: { ...one, devices: 2, clients: 2 } }, 'approve-2'],
    ['three outages at work', { effect: 'execute', disruption: 'outage', blast: { ...one, devices: 3 } }, 'approve-1'],
    [
      'three outages at night',
      { effect: 'execute', disruption: 'outage', blast: { ...one, devices: 3 }, at: atNight },
      'run',
    ],
    ['an automation’s acknowledgement', { actor: 'automation' }, 'run'],
    ['an automation’s reboot', { actor: 'automation', effect: 'execute', disruption: 'outage' }, 'approve-1'],
    ['an automation’s deletion', { actor: 'automation', effect: 'delete' }, 'deny'],
    ['an AI’s update', { actor: 'ai' }, 'approve-1'],
    ['an AI’s reach', { actor: 'ai', blast: { ...one, devices: 11 } }, 'deny'],
    ['what is not known', { effect: 'execute', blast: { ...one, devices: 0, unknown: 11 } }, 'approve-2'],
  ] as const)('%s', (_, over, expected) => {
    expect(verdict(over as Partial<Judged>)).toBe(expected);
  });

  it('never ask less of more reach', () => {
    const count = fc.integer({ min: 0, max: 40 });
    const strictness = (of: Partial<Judged>): number => {
      const found = verdict(of);
      return found === 'deny' ? 3 : approvalsFor(found);
    };
    fc.assert(
      fc.property(
        fc.constantFrom('read', 'create', 'update', 'delete', 'execute' as const),
        fc.constantFrom(...ACTOR_KINDS),
        fc.constantFrom('none', 'brief', 'outage' as const),
        fc.record({ devices: count, more: count, clients: fc.integer({ min: 1, max: 3 }) }),
        (effect, actor, disruption, { devices, more, clients }) => {
          const given = { effect, actor, disruption } as Partial<Judged>;
          const small = strictness({ ...given, blast: { ...one, devices } });
          const large = strictness({ ...given, blast: { ...one, devices: devices + more, clients } });
          expect(large).toBeGreaterThanOrEqual(small);
        },
      ),
    );
  });

  it('denies what no rule speaks of, and says why in words', () => {
    expect(judge([], DEFAULT_HOURS, base)).toEqual({
      verdict: 'deny',
      why: 'No rule speaks of this, so it is denied. It reaches 1 device, 1 client.',
    });
    expect(judge(DEFAULT_RULES, DEFAULT_HOURS, { ...base, effect: 'delete' }).why).toBe(
      'Needs one approval: What is deleted is gone (rule 10). It reaches 1 device, 1 client.',
    );
  });
});

describe('blastRadius', () => {
  const [a, b] = ['a', 'b'] as unknown as [ClientId, ClientId];
  const known = [
    { entity: 'device', externalId: '1', scopeId: 's', clientId: a },
    { entity: 'user', externalId: '1', scopeId: 't', clientId: b },
  ];
  const bound = { scopeIds: ['s', 't', 'u'], clientIds: [a, b] };

  it('counts what is named once, from what is known here and not from what is claimed', () => {
    const affected = [
      { entity: 'device', id: '1' },
      { entity: 'device', id: '1' },
      { entity: 'device', id: '2' },
    ];
    expect(blastRadius(affected, known, bound)).toEqual({
      devices: 1,
      users: 0,
      others: 0,
      scopes: 1,
      clients: 1,
      unknown: 1,
    });
  });

  it('reaches all that it is bound to where nothing is named', () => {
    const radius = blastRadius([], known, bound);
    expect(radius).toMatchObject({ scopes: 3, clients: 2, devices: 0 });
    expect(blastOf(radius)).toBe('clients');
    expect(blastInWords(radius)).toBe('no record by name, 2 clients');
  });
});

describe('isWorkingTime', () => {
  it.each([
    ['2026-11-20T07:59', DEFAULT_HOURS, false],
    ['2026-11-20T08:00', DEFAULT_HOURS, true],
    ['2026-11-21T10:00', DEFAULT_HOURS, false],
    ['2026-11-21T03:00', { days: [5], from: '22:00', until: '06:00' }, true],
    ['2026-11-21T23:00', { days: [5], from: '22:00', until: '06:00' }, false],
  ])('%s', (at, hours, expected) => {
    expect(isWorkingTime(hours, Temporal.ZonedDateTime.from(`${at}[Europe/London]`))).toBe(expected);
  });
});
