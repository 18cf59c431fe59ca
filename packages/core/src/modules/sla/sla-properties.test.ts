import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  LOOK_AHEAD_MINUTES,
  NaiveSla,
  type NaiveCase,
  type NaiveEvent,
  type NaiveInput,
} from '../../../../../test/support/naive-sla.ts';
import { slaCases } from '../../../../../test/support/sla-cases.ts';
import { reportTicket, type ClockReport, type TicketReport } from './clock-report.ts';
import { readReplayInput } from './replay-input.ts';
import { makeSlaRules, replayCase } from './replay.ts';
import {
  advanceTicketClocks,
  applyEvent,
  startTicketClocks,
  ticketClocks,
  type TicketClocks,
} from './ticket-clocks.ts';

const MEASURES = ['response', 'update', 'resolution'] as const;

function read(rules: NaiveInput, one: NaiveCase) {
  const { cases, ...definitions } = readReplayInput(Buffer.from(JSON.stringify({ ...rules, cases: [one] })));
  return { rules: makeSlaRules(definitions), one: cases[0]! };
}

function replay(rules: NaiveInput, one: NaiveCase): TicketReport {
  const input = read(rules, one);
  return replayCase(input.rules, input.one);
}

/** What both models tell: no spans, and no due instant beyond what the naive one looks ahead. */
function comparable(report: TicketReport, asOf: string) {
  const clock = ({ state, dueAt, metAt, consumed, remaining }: ClockReport) => {
    const from = Temporal.Instant.from(metAt ?? asOf);
    const isFar = dueAt !== null && from.until(dueAt).total('minutes') > LOOK_AHEAD_MINUTES;
    return { state, dueAt: isFar ? null : dueAt, metAt, consumed, remaining };
  };
  return {
    response: clock(report.response),
    update: { ...clock(report.update), cycles: report.update.cycles },
    resolution: clock(report.resolution),
  };
}

const total = (durations: readonly string[]): number =>
  durations.reduce((sum, length) => sum + Temporal.Duration.from(length).total('seconds'), 0);

describe('a model that looks at every minute', () => {
  it('says the same of random tickets about the days on which clocks jump', () => {
    fc.assert(
      fc.property(slaCases, ({ rules, one }) => {
        expect(comparable(replay(rules, one), one.asOf)).toEqual(new NaiveSla(rules).replay(one));
      }),
    );
  });

  const folder = new URL('vectors/', import.meta.url);
  it.each(readdirSync(folder))('says the same of %s', (name) => {
    const { cases, ...rules } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as NaiveInput & {
      cases: NaiveCase[];
    };
    const isWholeMinutes = (one: NaiveCase): boolean =>
      [one.asOf, ...one.events.map(({ at }) => at)].every((at) => /T\d\d:\d\d:00(Z|[+-])/.test(at));
    const isShort = (one: NaiveCase): boolean =>
      Temporal.Instant.from(one.events[0]!.at).until(one.asOf).total('hours') < 24 * 40;
    const naive = new NaiveSla(rules);
    const compared = cases.filter((one) => isWholeMinutes(one) && isShort(one));
    expect(compared.length).toBeGreaterThan(cases.length * 0.8);
    for (const one of compared)
      expect({ id: one.id, ...comparable(replay(rules, one), one.asOf) }).toEqual({
        id: one.id,
        ...naive.replay(one),
      });
  });
});

describe('a clock', () => {
  it('has spans without gap or overlap, of which the counted ones are what was consumed', () => {
    fc.assert(
      fc.property(slaCases, ({ rules, one }) => {
        const report = replay(rules, one);
        for (const measure of MEASURES) {
          const { spans, consumed } = report[measure];
          for (const [index, span] of spans.entries()) {
            expect(Temporal.Instant.compare(span.from, span.to)).toBe(-1);
            if (index > 0) expect([span.from, span.reason]).not.toEqual([span.from, spans[index - 1]!.reason]);
            expect(spans[index + 1]?.from ?? span.to).toBe(span.to);
          }
          const counted = spans.filter((span) => span.counted).map(({ from, to }) => lengthOf(from, to));
          expect(total(counted)).toBe(total(consumed === null ? [] : [consumed]));
          if (spans.length > 0) expectEnds(report, measure, one);
        }
      }),
    );
  });

  it('has consumed what is not remaining of its budget, whatever happened', () => {
    fc.assert(
      fc.property(slaCases, ({ rules, one }) => {
        const fixed = { ...one, events: one.events.filter(({ type }) => type !== 'priority' && type !== 'policy') };
        const { priority } = one.events[0]!.value as { priority: string };
        const target = rules.policies
          .find(({ id }) => id === one.policy)!
          .targets.find((candidate) => candidate.priority === priority)!;
        const report = replay(rules, fixed);
        for (const measure of MEASURES) {
          const { remaining, consumed } = report[measure];
          if (remaining !== null) expect(total([consumed!, remaining])).toBe(total([target[measure]!]));
        }
      }),
    );
  });
});

function lengthOf(from: string, to: string): string {
  return Temporal.Instant.from(from).until(to).toString();
}

/** Spans reach from the clock's start to its end, or until the ticket was asked. */
function expectEnds(report: TicketReport, measure: (typeof MEASURES)[number], one: NaiveCase): void {
  const { spans, metAt } = report[measure];
  const created = one.events[0]!.at;
  const merged = one.events.find(({ type, at }) => type === 'merged' && Temporal.Instant.compare(at, one.asOf) <= 0);
  expect(spans[0]!.from).toBe(measure === 'update' ? report.update.cycles.at(-1)!.from : created);
  const end = spans.at(-1)!.to;
  const cycleEnd = report.update.cycles.at(-1)?.to;
  if (measure === 'update') expect(end).toBe(cycleEnd ?? one.asOf);
  else if (metAt !== null) expect(end).toBe(metAt);
  else if (merged === undefined && report[measure].state !== 'none') expect(end).toBe(one.asOf);
}

describe('a pause', () => {
  const paused = fc.record({
    sample: slaCases,
    from: fc.integer({ min: 0, max: 3000 }),
    length: fc.integer({ min: 0, max: 2000 }),
    split: fc.integer({ min: 0, max: 100 }),
  });
  /** The sample without its statuses, and the same paused from `from` on for `length` minutes, once in one piece and once in two. */
  const variants = ({
    sample: { rules, one },
    from,
    length,
    split,
  }: typeof paused extends fc.Arbitrary<infer T> ? T : never) => {
    const pausing = {
      ...rules,
      policies: rules.policies.map((policy) => ({ ...policy, pauseStatuses: ['pending', 'waiting'] })),
    };
    const created = { ...one.events[0]!, value: { ...(one.events[0]!.value as object), status: 'new' } };
    const others = one.events.slice(1).filter(({ type }) => type !== 'status' && type !== 'reopened');
    const at = (minutes: number) => Temporal.Instant.from(created.at).add({ minutes }).toString();
    const status = (minutes: number, value: string): NaiveEvent => ({ at: at(minutes), type: 'status', value });
    const middle = from + Math.floor((length * split) / 100);
    const withEvents = (extra: NaiveEvent[]): NaiveCase => ({
      ...one,
      events: [
        created,
        // A pause begins after what happens at its instant, and ends before.
        ...[...extra.slice(-1), ...others, ...extra.slice(0, -1)].toSorted((a, b) =>
          Temporal.Instant.compare(a.at, b.at),
        ),
      ],
    });
    const [begin, again, end] = [status(from, 'pending'), status(middle, 'waiting'), status(from + length, 'open')];
    return {
      pausing,
      plain: withEvents([]),
      whole: withEvents([begin, end]),
      halves: withEvents([begin, again, end]),
    };
  };

  it('changes nothing by being split in two', () => {
    fc.assert(
      fc.property(paused, (sample) => {
        const { pausing, whole, halves } = variants({
          ...sample,
          length: sample.length + 1,
          split: sample.split % 100,
        });
        expect(replay(pausing, halves)).toEqual(replay(pausing, whole));
      }),
    );
  });

  it('never makes anything due earlier, nor counts more', () => {
    fc.assert(
      fc.property(paused, (sample) => {
        const { pausing, plain, whole } = variants(sample);
        const [before, after] = [replay(pausing, plain), replay(pausing, whole)];
        for (const measure of MEASURES) {
          const [due, later] = [before[measure].dueAt, after[measure].dueAt];
          if (due !== null && later !== null) expect(Temporal.Instant.compare(due, later)).toBeLessThanOrEqual(0);
          expect(total([after[measure].consumed ?? 'PT0S'])).toBeLessThanOrEqual(
            total([before[measure].consumed ?? 'PT0S']),
          );
          if (after[measure].state === 'breached') expect(before[measure].state).toBe('breached');
        }
      }),
    );
  });
});

describe('a replay', () => {
  it('says what clocks say that heard the events one by one, were looked at in between, and were stored each time', () => {
    const stored = (clocks: TicketClocks): TicketClocks => ticketClocks.parse(JSON.parse(JSON.stringify(clocks)));
    fc.assert(
      fc.property(slaCases, fc.integer({ min: 0, max: 100 }), ({ rules: definitions, one: sample }, share) => {
        const { rules, one } = read(definitions, sample);
        let clocks: TicketClocks | undefined;
        for (const event of one.events.filter(({ at }) => Temporal.Instant.compare(at, one.asOf) <= 0)) {
          if (event.type === 'created') clocks = startTicketClocks(rules, one.policy, event);
          else {
            const wait = Math.floor(clocks!.at.until(event.at).total('seconds') * (share / 100));
            const between = stored(advanceTicketClocks(rules, clocks!, clocks!.at.add({ seconds: wait })));
            reportTicket(rules, between, event.at);
            clocks = applyEvent(rules, between, event);
          }
          clocks = stored(clocks);
        }
        const live = clocks === undefined ? undefined : reportTicket(rules, clocks, one.asOf);
        if (live !== undefined) expect(live).toEqual(replayCase(rules, one));
      }),
    );
  });

  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  it('is the same wherever it is read, and in whatever offset the events were written', () => {
    fc.assert(
      fc.property(slaCases, fc.constantFrom('+05:30', '-08:00', '+14:00'), ({ rules, one }, offset) => {
        const moved = (at: string): string => Temporal.Instant.from(at).toString({ timeZone: offset });
        const elsewhere = {
          ...one,
          asOf: moved(one.asOf),
          events: one.events.map((event) => ({ ...event, at: moved(event.at) })),
        };
        process.env['TZ'] = 'UTC';
        const here = replay(rules, one);
        process.env['TZ'] = 'Pacific/Kiritimati';
        expect(replay(rules, elsewhere)).toEqual(here);
      }),
    );
  });
});
