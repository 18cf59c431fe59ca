import fc from 'fast-check';
import type { NaiveCase, NaiveEvent, NaiveInput } from './naive-sla.ts';

/** Zones with a local day on which the wall clock jumps; the last two do so at midnight. */
const PLACES = [
  { zone: 'UTC', day: '2026-03-02' },
  { zone: 'Europe/Berlin', day: '2026-03-29' },
  { zone: 'Europe/Berlin', day: '2026-10-25' },
  { zone: 'America/New_York', day: '2026-03-08' },
  { zone: 'America/New_York', day: '2026-11-01' },
  { zone: 'Australia/Lord_Howe', day: '2026-04-05' },
  { zone: 'Australia/Lord_Howe', day: '2026-10-04' },
  { zone: 'Pacific/Apia', day: '2011-12-31' },
  { zone: 'America/St_Johns', day: '2006-10-29' },
  { zone: 'America/Santiago', day: '2026-09-06' },
];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const STATUSES = ['new', 'open', 'pending', 'waiting'];
const PRIORITIES = ['p1', 'p2', 'p3'];
const CALENDARS = ['one', 'two', '24x7'];

type Place = (typeof PLACES)[number];

const time = (quarter: number): string =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;

/** Windows of some days: every second gap between sorted times. */
const windows = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 6 }),
    fc.subarray(DAYS, { minLength: 4 }),
  )
  .map(([quarters, days]) => {
    const sorted = quarters.toSorted((a, b) => a - b);
    return sorted
      .flatMap((from, index) => (index % 2 === 0 && index + 1 < sorted.length ? [[from, sorted[index + 1]!]] : []))
      .map(([from, to]) => ({ days, from: time(from!), to: time(to!) }));
  });

const calendar = (id: string, { zone, day }: Place) =>
  fc.record({
    id: fc.constant(id),
    zone: fc.constant(zone),
    windows,
    holidays: fc.array(
      fc.record({
        date: fc.integer({ min: -2, max: 3 }).map((days) => Temporal.PlainDate.from(day).add({ days }).toString()),
        yearly: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
  });

const budget = fc.option(
  fc.integer({ min: 0, max: 24 * 60 }).map((minutes) => `PT${minutes}M`),
  { freq: 5 },
);

const policy = (id: string) =>
  fc.record({
    id: fc.constant(id),
    pauseStatuses: fc.subarray(['pending', 'waiting']),
    targets: fc.tuple(
      ...PRIORITIES.map((priority) =>
        fc.record({
          priority: fc.constant(priority),
          response: budget,
          update: budget,
          resolution: budget,
          calendar: fc.constantFrom(...CALENDARS),
        }),
      ),
    ),
  });

const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ type: fc.constant('status'), value: fc.constantFrom(...STATUSES) }) },
  { weight: 10, arbitrary: fc.record({ type: fc.constant('priority'), value: fc.constantFrom(...PRIORITIES, 'p9') }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('policy'), value: fc.constantFrom('a', 'b', null) }) },
  { weight: 10, arbitrary: fc.constant({ type: 'public-reply' }) },
  { weight: 15, arbitrary: fc.constant({ type: 'client-reply' }) },
  { weight: 10, arbitrary: fc.constant({ type: 'resolved' }) },
  { weight: 10, arbitrary: fc.record({ type: fc.constant('reopened'), value: fc.constantFrom(...STATUSES) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('calendar'),
      value: fc.record({ from: fc.constantFrom(...CALENDARS), to: fc.constantFrom(...CALENDARS) }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'merged' }) },
);
/** Several events of one instant are as likely as a long wait. */
const gap = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 1000 }));

const ticket = (day: string) =>
  fc
    .record({
      policy: fc.constantFrom('a', 'b'),
      lead: fc.integer({ min: -36 * 60, max: 24 * 60 }),
      priority: fc.constantFrom(...PRIORITIES),
      status: fc.constantFrom(...STATUSES),
      steps: fc.array(fc.tuple(gap, step), { maxLength: 12 }),
      tail: fc.oneof(fc.constant(0), fc.integer({ min: -600, max: 2000 })),
    })
    .map(({ policy, lead, priority, status, steps, tail }): NaiveCase => {
      let at = Temporal.Instant.from(`${day}T00:00Z`).add({ minutes: lead });
      const events: NaiveEvent[] = [{ at: at.toString(), type: 'created', value: { priority, status } }];
      for (const [minutes, event] of steps) {
        at = at.add({ minutes });
        events.push({ at: at.toString(), ...event });
      }
      return { id: 'ticket', policy, events, asOf: at.add({ minutes: tail }).toString() };
    });

/** Calendars in a zone about a jump of its wall clock, two policies on them, and a ticket's history. */
export const slaCases: fc.Arbitrary<{ rules: NaiveInput; one: NaiveCase }> = fc.constantFrom(...PLACES).chain((place) =>
  fc.record({
    rules: fc.record({
      calendars: fc.tuple(calendar('one', place), calendar('two', place)),
      policies: fc.tuple(policy('a'), policy('b')),
    }),
    one: ticket(place.day),
  }),
);
