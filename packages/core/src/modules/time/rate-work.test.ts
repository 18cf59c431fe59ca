import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '#kernel/id';
import { WORK_TYPES, type CoverageLine, type WorkType } from '#modules/agreements';
import { BusinessCalendar, calendarHours, calendarSchema } from '#modules/sla';
import { proportionally } from './proportion.ts';
import { billableMinutes, rateWork, spreadBillable, type Terms } from './rate-work.ts';
import { timedWork } from './timed-work.ts';
import vectors from './rate-work.vectors.json' with { type: 'json' };

const PLAIN = {
  kind: 'time-and-materials',
  description: 'Hours',
  workTypes: ['onsite', 'remote'],
  minimumMinutes: 0,
  roundToMinutes: 1,
  rounding: 'up',
  maximumMinutes: null,
  charge: 'hourly',
  billablePercent: 100,
  afterHoursPercent: 100,
  holidayPercent: null,
  coversAfterHours: true,
} as const satisfies Partial<CoverageLine>;

const berlin = calendarHours(
  { name: 'Berlin', number: 3, zone: 'Europe/Berlin' },
  new BusinessCalendar(
    calendarSchema.parse({
      id: 'berlin',
      zone: 'Europe/Berlin',
      windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' }],
      holidays: [{ date: '2026-12-25', yearly: true }],
    }),
  ),
);

function terms(line: object): Terms {
  const hourly = { ...PLAIN, id: newId<'agreement-line'>(), ...line } as CoverageLine;
  const fee = {
    ...PLAIN,
    id: newId<'agreement-line'>(),
    kind: 'flat',
    description: 'Fee',
    workTypes: ['remote'],
    coversAfterHours: false,
  } as const;
  return { name: 'Support Gold', lines: [fee, hourly], calendar: berlin };
}

describe('billableMinutes', () => {
  it.each(vectors.billable)('bills $worked min by $rule as $minutes', ({ worked, rule, minutes, reason }) => {
    expect(billableMinutes(worked, { ...PLAIN, ...rule } as typeof PLAIN)).toEqual({ minutes, reason });
  });
});

describe('rateWork', () => {
  it.each(vectors.work)('$what', ({ workType, from, minutes, line, billableMinutes: billable, reason, parts }) => {
    const start = Temporal.Instant.from(from);
    const work = { workType: workType as WorkType, minutes, spans: [{ from: start, to: start.add({ minutes }) }] };
    const rated = rateWork(work, terms(line));
    expect(rated).toMatchObject({ billableMinutes: billable, billableReason: reason });
    expect(rated.parts).toMatchObject(parts);
    expect(rated.parts).toHaveLength(parts.length);
  });

  it('bills nothing that a price for all hours includes', () => {
    const start = Temporal.Instant.from('2026-11-20T16:00:00Z');
    const work = { workType: 'remote', minutes: 90, spans: [{ from: start, to: start.add({ minutes: 90 }) }] } as const;
    const { lines, ...rest } = terms({});
    const rated = rateWork(work, { ...rest, lines: lines.map((line) => ({ ...line, coversAfterHours: true })) });
    expect(rated).toMatchObject({ coverage: 'included', billableMinutes: 0 });
  });

  const work = fc
    .record({
      workType: fc.constantFrom(...WORK_TYPES),
      start: fc.integer({ min: 1_760_000_000, max: 1_800_000_000 }),
      lengths: fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 0, max: 20_000 })), {
        minLength: 1,
        maxLength: 4,
      }),
      minutes: fc.integer({ min: 1, max: 1440 }),
    })
    .map(({ workType, start, lengths, minutes }) => {
      let at = start;
      const spans = lengths.map(([length, pause]) => {
        const from = Temporal.Instant.fromEpochMilliseconds(at * 1000);
        at += length;
        const to = Temporal.Instant.fromEpochMilliseconds(at * 1000);
        at += pause;
        return { from, to };
      });
      return { workType, spans, minutes };
    });
  const line = fc.record({
    minimumMinutes: fc.integer({ min: 0, max: 120 }),
    roundToMinutes: fc.integer({ min: 1, max: 480 }),
    rounding: fc.constantFrom('up', 'nearest', 'down'),
    maximumMinutes: fc.option(fc.integer({ min: 120, max: 1440 })),
    billablePercent: fc.integer({ min: 0, max: 100 }),
    afterHoursPercent: fc.integer({ min: 100, max: 300 }),
  });

  it('keeps what was worked, adds up to the rounded whole, and answers the same again', () => {
    fc.assert(
      fc.property(work, line, (done, rule) => {
        const by = terms(rule);
        const rated = rateWork(done, by);
        const sum = (key: 'workedMinutes' | 'billableMinutes') =>
          rated.parts.reduce((total, part) => total + part[key], 0);
        expect(sum('workedMinutes')).toBe(done.minutes);
        expect(sum('billableMinutes')).toBe(rated.billableMinutes);
        expect(rateWork(done, by)).toEqual(rated);
        const said = spreadBillable(rated.parts, 37);
        expect(said.reduce((total, part) => total + part.billableMinutes, 0)).toBe(37);
        expect(
          rated.parts.every(({ workedMinutes, billableMinutes: billed }) => workedMinutes >= 0 && billed >= 0),
        ).toBe(true);
      }),
    );
  });

  it('bills no less for more work, and never over the cap or under the minimum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1439 }), line, (worked, rule) => {
        const by = { ...PLAIN, ...rule } as typeof PLAIN;
        const [less, more] = [billableMinutes(worked, by).minutes, billableMinutes(worked + 1, by).minutes];
        expect(more).toBeGreaterThanOrEqual(less);
        if (rule.billablePercent > 0)
          expect(less).toBeGreaterThanOrEqual(Math.min(rule.minimumMinutes, rule.maximumMinutes ?? 1440));
        expect(less).toBeLessThanOrEqual(rule.maximumMinutes ?? 5000);
      }),
    );
  });
});

describe('proportionally', () => {
  it('adds up, and is never a whole away from the exact share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5000, max: 5000 }),
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 8 }),
        (whole, weights) => {
          const parts = proportionally(whole, weights);
          const total = weights.reduce((sum, weight) => sum + weight, 0n);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole);
          if (total > 0n)
            for (const [index, part] of parts.entries())
              expect(Math.abs(part - (whole * Number(weights[index])) / Number(total))).toBeLessThan(1.001);
        },
      ),
    );
  });
});

describe('timedWork', () => {
  const spans = [
    { from: '2026-11-20T09:00:00Z', to: '2026-11-20T09:30:00Z' },
    { from: '2026-11-20T10:00:00Z', to: '2026-11-20T10:29:01Z' },
  ];
  it.each([
    [{ idleMinutes: 0 }, 60, 'by timer, in 2 stretches', '2026-11-20T10:30:00Z'],
    [{ idleMinutes: 40 }, 20, 'by timer, in 2 stretches, 40 min idle left out', '2026-11-20T09:20:00Z'],
    [{ idleMinutes: 0, minutes: 90 }, 90, 'by timer, in 2 stretches, corrected from 60 min', '2026-11-20T11:00:00Z'],
  ])('of two stretches with %o is %i min', (input, minutes, reason, end) => {
    const work = timedWork(spans, input);
    expect(work).toMatchObject({ minutes, reason });
    expect(work?.spans.at(-1)?.to.toString()).toBe(end);
  });
  it('is nothing where all of it was idle', () => {
    expect(timedWork(spans, { idleMinutes: 60 })).toBeNull();
  });
});
