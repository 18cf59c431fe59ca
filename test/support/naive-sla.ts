/**
 * The rules of SLA clocks once more, as slowly and plainly as can be: every minute is looked at by itself. Shares nothing with the module, so that the two can be held against each other. All instants
 * must lie on whole minutes.
 */
interface NaiveCalendar {
  id: string;
  zone: string;
  windows: { days: string[]; from: string; to: string }[];
  holidays: { date: string; yearly: boolean }[];
}
interface NaiveTarget {
  priority: string;
  response: string | null;
  update: string | null;
  resolution: string | null;
  calendar: string | null;
}
export interface NaiveInput {
  calendars: NaiveCalendar[];
  policies: { id: string; pauseStatuses: string[]; targets: NaiveTarget[] }[];
}
export interface NaiveEvent {
  at: string;
  type: string;
  value?: unknown;
}
export interface NaiveCase {
  id: string;
  policy: string | null;
  asOf: string;
  events: NaiveEvent[];
}

type Measure = 'response' | 'update' | 'resolution';

/** A clock's life so far; everything in minutes since 1970. */
interface NaiveClock {
  measure: Measure;
  startedAt: number;
  consumed: number;
  isEverTargeted: boolean;
  fullAt: number | null;
  breachedAt: number | null;
  endedAt: number | null;
  isMerged: boolean;
  /** As they stood when it ended. */
  dueAtEnd: number | null;
  budgetAtEnd: number | null;
}

const MINUTE_MS = 60_000;
const DAYS = ['', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** How far ahead a due instant is looked for. */
export const LOOK_AHEAD_MINUTES = 60 * 24 * 8;

const minuteOf = (instant: string): number => Temporal.Instant.from(instant).epochMilliseconds / MINUTE_MS;
const textOf = (minute: number | null): string | null =>
  minute === null ? null : Temporal.Instant.fromEpochMilliseconds(minute * MINUTE_MS).toString();
const minutesOf = (duration: string): number =>
  Temporal.Duration.from(duration).total({ unit: 'minutes', relativeTo: '2020-01-01' });
const lengthOf = (minutes: number): string =>
  Temporal.Duration.from({ minutes }).round({ largestUnit: 'hours' }).toString();

/** One set of calendars and policies. */
export class NaiveSla {
  readonly #input: NaiveInput;

  constructor(input: NaiveInput) {
    this.#input = input;
  }

  get calendarIds(): string[] {
    return ['24x7', ...this.#input.calendars.map(({ id }) => id)];
  }

  replay(one: NaiveCase) {
    return new NaiveTicket(this, one).report();
  }

  policy(id: string | null) {
    return this.#input.policies.find((policy) => policy.id === id);
  }

  /** Whether a minute counts by a calendar: by what a clock on the wall shows. */
  isOpen(calendar: string, minute: number): boolean {
    if (calendar === '24x7') return true;
    const { zone, windows, holidays } = this.#input.calendars.find(({ id }) => id === calendar)!;
    const { date, time, day } = wallClock(zone, minute);
    const isHoliday = holidays.some((one) => (one.yearly ? one.date.slice(5) === date.slice(5) : one.date === date));
    return !isHoliday && windows.some(({ days, from, to }) => days.includes(day) && from <= time && time < to);
  }
}

const walls = new Map<string, { date: string; time: string; day: string }>();

/** Remembered, for most tickets of a test lie in the same days. */
function wallClock(zone: string, minute: number) {
  const key = `${zone} ${minute}`;
  const known = walls.get(key);
  if (known !== undefined) return known;
  const wall = Temporal.Instant.fromEpochMilliseconds(minute * MINUTE_MS).toZonedDateTimeISO(zone);
  const text = wall.toString();
  const shown = { date: text.slice(0, 10), time: text.slice(11, 16), day: DAYS[wall.dayOfWeek]! };
  walls.set(key, shown);
  return shown;
}

class NaiveTicket {
  readonly #sla: NaiveSla;
  readonly #asOf: number;
  readonly #clocks: NaiveClock[] = [];
  readonly #calendars = new Map<string, string>();
  #policy: string | null;
  #priority = '';
  #status = '';
  #isResolved = false;
  #isMerged = false;

  constructor(sla: NaiveSla, one: NaiveCase) {
    this.#sla = sla;
    this.#asOf = minuteOf(one.asOf);
    this.#policy = one.policy;
    const events = [...one.events];
    for (let minute = minuteOf(events[0]!.at); minute <= this.#asOf; minute += 1) {
      for (const clock of this.#open())
        if (clock.fullAt !== null && clock.fullAt < minute) clock.breachedAt ??= clock.fullAt;
      while (events.length > 0 && minuteOf(events[0]!.at) === minute) {
        const event = events.shift()!;
        if (!this.#isMerged) this.#apply(event, minute);
        for (const clock of this.#open()) this.#markFull(clock, minute);
      }
      if (minute === this.#asOf) return;
      for (const clock of this.#open()) this.#pass(clock, minute);
    }
  }

  report() {
    const none = { state: 'none', dueAt: null, metAt: null, consumed: null, remaining: null };
    const latest = (measure: Measure) => this.#clocks.findLast((clock) => clock.measure === measure);
    const of = (measure: Measure) => {
      const clock = latest(measure);
      return clock === undefined ? none : this.#describe(clock);
    };
    const cycles = this.#clocks
      .filter(({ measure }) => measure === 'update')
      .map((clock) => {
        const { state, consumed } = this.#describe(clock);
        return { from: textOf(clock.startedAt), to: textOf(clock.endedAt), state, consumed };
      });
    return { response: of('response'), update: { ...of('update'), cycles }, resolution: of('resolution') };
  }

  #open(): NaiveClock[] {
    return this.#clocks.filter(({ endedAt }) => endedAt === null);
  }

  #target(measure: Measure): { minutes: number; calendar: string } | null {
    const target = this.#sla.policy(this.#policy)?.targets.find(({ priority }) => priority === this.#priority);
    const budget = target?.[measure] ?? null;
    if (budget === null) return null;
    const calendar = target?.calendar ?? '';
    return { minutes: minutesOf(budget), calendar: this.#calendars.get(calendar) ?? calendar };
  }

  #isPaused(): boolean {
    return this.#sla.policy(this.#policy)?.pauseStatuses.includes(this.#status) ?? false;
  }

  #markFull(clock: NaiveClock, minute: number): void {
    const target = this.#target(clock.measure);
    if (target === null || clock.consumed < target.minutes) clock.fullAt = null;
    else clock.fullAt ??= minute;
  }

  #pass(clock: NaiveClock, minute: number): void {
    const target = this.#target(clock.measure);
    if (target === null) return;
    clock.isEverTargeted = true;
    if (this.#isPaused() || !this.#sla.isOpen(target.calendar, minute)) return;
    clock.consumed += 1;
    if (clock.consumed >= target.minutes) clock.fullAt ??= minute + 1;
  }

  #apply({ type, value }: NaiveEvent, minute: number): void {
    if (type === 'created') {
      ({ priority: this.#priority, status: this.#status } = value as { priority: string; status: string });
      this.#start('response', minute);
      this.#start('resolution', minute);
    }
    if (type === 'status') this.#status = value as string;
    if (type === 'priority') this.#priority = value as string;
    if (type === 'policy') this.#policy = value as string | null;
    if (type === 'calendar') this.#replaceCalendar(value as { from: string; to: string });
    if (type === 'client-reply' && !this.#isResolved && this.#open().every(({ measure }) => measure !== 'update'))
      this.#start('update', minute);
    if (type === 'public-reply' || type === 'resolved') this.#end(['response', 'update'], minute);
    if (type === 'resolved') {
      this.#end(['resolution'], minute);
      this.#isResolved = true;
    }
    if (type === 'reopened') this.#reopen(value as string);
    if (type === 'merged') this.#merge(minute);
  }

  #replaceCalendar({ from, to }: { from: string; to: string }): void {
    for (const id of this.#sla.calendarIds) if ((this.#calendars.get(id) ?? id) === from) this.#calendars.set(id, to);
  }

  #start(measure: Measure, minute: number): void {
    this.#clocks.push({
      measure,
      startedAt: minute,
      consumed: 0,
      isEverTargeted: false,
      fullAt: null,
      breachedAt: null,
      endedAt: null,
      isMerged: false,
      dueAtEnd: null,
      budgetAtEnd: null,
    });
  }

  #end(measures: Measure[], minute: number): void {
    for (const clock of this.#open().filter(({ measure }) => measures.includes(measure))) {
      clock.dueAtEnd = this.#dueAt(clock, minute);
      clock.budgetAtEnd = this.#target(clock.measure)?.minutes ?? null;
      clock.endedAt = minute;
    }
  }

  #merge(minute: number): void {
    for (const clock of this.#open()) clock.isMerged = true;
    this.#end(['response', 'update', 'resolution'], minute);
    this.#isMerged = true;
  }

  #reopen(status: string): void {
    this.#status = status;
    this.#isResolved = false;
    const resolution = this.#clocks.find(({ measure }) => measure === 'resolution')!;
    if (resolution.endedAt === null) return;
    resolution.endedAt = null;
    resolution.fullAt = null;
  }

  /** Walks on until the budget is full, as if nothing more happened. */
  #dueAt(clock: NaiveClock, minute: number): number | null {
    const target = this.#target(clock.measure);
    if (clock.breachedAt !== null) return clock.breachedAt;
    if (target === null || this.#isPaused()) return null;
    if (clock.fullAt !== null) return clock.fullAt;
    let consumed = clock.consumed;
    for (let at = minute; at < minute + LOOK_AHEAD_MINUTES; at += 1) {
      if (this.#sla.isOpen(target.calendar, at)) consumed += 1;
      if (consumed >= target.minutes) return at + 1;
    }
    return null;
  }

  #state(clock: NaiveClock): string {
    if (clock.breachedAt !== null) return 'breached';
    if (clock.endedAt !== null) return clock.isMerged || clock.budgetAtEnd === null ? 'none' : 'met';
    if (this.#target(clock.measure) === null) return 'none';
    return this.#isPaused() ? 'paused' : 'running';
  }

  #describe(clock: NaiveClock) {
    const state = this.#state(clock);
    const isNone = state === 'none';
    const due = clock.breachedAt ?? (clock.endedAt === null ? this.#dueAt(clock, this.#asOf) : clock.dueAtEnd);
    const budget = clock.endedAt === null ? (this.#target(clock.measure)?.minutes ?? null) : clock.budgetAtEnd;
    return {
      state,
      dueAt: isNone ? null : textOf(due),
      metAt: isNone || clock.isMerged ? null : textOf(clock.endedAt),
      consumed: isNone && !clock.isEverTargeted ? null : lengthOf(clock.consumed),
      remaining: isNone || budget === null ? null : lengthOf(budget - clock.consumed),
    };
  }
}
