import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plainTicket } from '../../../../../test/support/plain-ticket.ts';
import { conditionsSchema, triggerSchema } from './criteria-input.ts';
import { evaluateRule } from './evaluate-rule.ts';
import type { RuleEvent, TicketFacts } from './ticket-facts.ts';

interface Case {
  readonly id: string;
  readonly why: string;
  readonly definition: unknown;
  readonly event: Record<string, unknown>;
  readonly facts: Record<string, unknown>;
  readonly hours?: 'open' | 'closed';
  /** Null where the rule does not wait for the event. */
  readonly matches: boolean | null;
}

const { now, cases } = JSON.parse(readFileSync(new URL('vectors/evaluate.json', import.meta.url), 'utf8')) as {
  now: string;
  cases: Case[];
};

function factsOf({ nextBreachAt, ...facts }: Record<string, unknown>): TicketFacts {
  const due = typeof nextBreachAt === 'string' ? Temporal.Instant.from(nextBreachAt) : null;
  return { ...plainTicket, ...facts, nextBreachAt: due };
}

function eventOf({ basis, ...event }: Record<string, unknown>): RuleEvent {
  return { ...event, ...(typeof basis === 'string' ? { basis: Temporal.Instant.from(basis) } : {}) } as RuleEvent;
}

const criteriaSchema = z.object({
  when: triggerSchema,
  if: conditionsSchema.default({ match: 'all', groups: [] }),
});

describe('evaluateRule', () => {
  it('has vectors', () => expect(cases.length).toBeGreaterThan(70));

  it.each(cases)('$id: $why', ({ definition, event, facts, hours, matches }) => {
    const around = { now: Temporal.Instant.from(now), isInHours: () => hours === 'open', categoriesAbove: () => [] };
    const verdict = evaluateRule(criteriaSchema.parse(definition), eventOf(event), factsOf(facts), around);
    expect(verdict === null ? null : verdict.matches).toBe(matches);
  });

  it('says of every condition what was wanted and what was there', () => {
    const definition = criteriaSchema.parse({
      when: { kind: 'opened' },
      if: {
        groups: [
          {
            match: 'any',
            conditions: [
              { field: 'priority', op: 'is', values: [1] },
              { field: 'subject', op: 'has-any', values: ['fire'] },
            ],
          },
        ],
      },
      actions: [{ do: 'set-priority', priority: 1 }],
    });
    const around = { now: Temporal.Instant.from(now), isInHours: () => true, categoriesAbove: () => [] };
    expect(evaluateRule(definition, { kind: 'opened' }, factsOf({ subject: 'Fire!' }), around)).toEqual({
      matches: true,
      checks: [
        { field: 'priority', op: 'is', wanted: [1], value: 3, isMet: false },
        { field: 'subject', op: 'has-any', wanted: ['fire'], value: 'Fire!', isMet: true },
      ],
    });
  });
});
