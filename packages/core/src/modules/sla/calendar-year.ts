import { DAY, minutesInNanoseconds } from './exact-time.ts';
import type { CalendarDefinition } from './calendar-input.ts';

/** Time within a calendar that is open, or closed by a holiday; the rest lies outside its hours. */
export interface CalendarPiece {
  readonly from: bigint;
  readonly to: bigint;
  readonly kind: 'open' | 'holiday';
}

interface OpenPiece extends CalendarPiece {
  /** Open time of the year until this piece ends. */
  readonly openUntilEnd: bigint;
}

/** Nanoseconds of the local day, `[from, to)`. */
interface DayWindow {
  readonly from: bigint;
  readonly to: bigint;
}

/** A calendar's rules, made ready once for all years. Days are counted since 1970-01-01. */
export interface DayRules {
  readonly zone: string;
  /** By ISO weekday: Monday is 1. */
  readonly windows: ReadonlyMap<number, readonly DayWindow[]>;
  readonly holidays: readonly number[];
  readonly yearlyHolidays: readonly Temporal.PlainDate[];
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** One UTC year of a calendar, indexed so that neither counting nor searching walks through its days. */
export class CalendarYear {
  readonly #pieces: readonly CalendarPiece[];
  readonly #open: readonly OpenPiece[];

  constructor(rules: DayRules, year: number) {
    this.#pieces = joined(piecesOf(rules, year));
    let openUntilEnd = 0n;
    this.#open = this.#pieces
      .filter((piece) => piece.kind === 'open')
      .map((piece) => ({ ...piece, openUntilEnd: (openUntilEnd += piece.to - piece.from) }));
  }

  get total(): bigint {
    return this.#open.at(-1)?.openUntilEnd ?? 0n;
  }

  /** What ends after an instant, in order; whatever lies between is outside hours. */
  piecesAfter(at: bigint): readonly CalendarPiece[] {
    return this.#pieces.slice(firstIndex(this.#pieces, ({ to }) => to > at));
  }

  /** Open time from the start of the year until an instant of it. */
  openBefore(at: bigint): bigint {
    const piece = this.#open[firstIndex(this.#open, ({ to }) => to > at)];
    if (piece === undefined) return this.total;
    return piece.openUntilEnd - (piece.to - (at > piece.from ? at : piece.from));
  }

  /** The earliest instant until which `open` was open since the start of the year; `open` is more than nothing and at most `total`. */
  reach(open: bigint): bigint {
    const piece = this.#open[firstIndex(this.#open, ({ openUntilEnd }) => openUntilEnd >= open)];
    if (piece === undefined) throw new RangeError('A year cannot be open for longer than its total.');
    return piece.to - (piece.openUntilEnd - open);
  }
}

const yearStarts = new Map<number, bigint>();

/** Start of a UTC year. */
export function startOfYear(year: number): bigint {
  const known = yearStarts.get(year);
  if (known !== undefined) return known;
  const start = BigInt(epochDay(new Temporal.PlainDate(year, 1, 1))) * DAY;
  yearStarts.set(year, start);
  return start;
}

/** The UTC year of an instant: asked so often that making a date of it would be most of the work. */
export function yearOf(instant: bigint): number {
  const guess = 1970 + Number(instant / MEAN_YEAR);
  if (startOfYear(guess) > instant) return guess - 1;
  return startOfYear(guess + 1) > instant ? guess : guess + 1;
}

/** 365.2425 days, so that the guess is off by one at most. */
const MEAN_YEAR = (DAY * 3_652_425n) / 10_000n;

/** Days since 1970-01-01. */
function epochDay(date: Temporal.PlainDate): number {
  return date.since('1970-01-01', { largestUnit: 'days' }).days;
}

/**
 * A stretch of one offset is plain arithmetic: the wall clock there is UTC plus the offset. So an hour that an autumn night repeats lies in two stretches and counts twice, one that a spring
 * night skips lies in none, and a day that the date line took away is never met.
 */
function* piecesOf(rules: DayRules, year: number): Generator<CalendarPiece> {
  const holidays = holidaysAbout(rules, year);
  for (const { from, to, offset } of offsetStretches(rules.zone, startOfYear(year), startOfYear(year + 1))) {
    for (let day = floorDay(from + offset); day <= floorDay(to + offset - 1n); day += 1) {
      const midnight = BigInt(day) * DAY - offset;
      for (const piece of holidays.has(day) ? [wholeDay(midnight)] : windowsOf(rules, day, midnight)) {
        const cut = { ...piece, from: max(piece.from, from), to: min(piece.to, to) };
        if (cut.from < cut.to) yield cut;
      }
    }
  }
}

function wholeDay(midnight: bigint): CalendarPiece {
  return { from: midnight, to: midnight + DAY, kind: 'holiday' };
}

function windowsOf({ windows }: DayRules, day: number, midnight: bigint): CalendarPiece[] {
  // 1970-01-01 was a Thursday, 4.
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
  const ofDay = windows.get(weekday) ?? [];
  return ofDay.map(({ from, to }) => ({ from: midnight + from, to: midnight + to, kind: 'open' }));
}

/** A calendar's rules in the form that its years are made from. */
export function dayRules({ zone, windows, holidays }: CalendarDefinition): DayRules {
  const windowsByDay = WEEKDAYS.map((name, index) => {
    const ofDay = windows
      .filter(({ days }) => days.includes(name))
      .toSorted((a, b) => a.fromMinute - b.fromMinute)
      .map(({ fromMinute, toMinute }) => ({
        from: minutesInNanoseconds(fromMinute),
        to: minutesInNanoseconds(toMinute),
      }));
    return [index + 1, ofDay] as const;
  });
  return {
    zone,
    windows: new Map(windowsByDay),
    holidays: holidays.filter(({ yearly }) => !yearly).map(({ date }) => epochDay(date)),
    // All in one common year, from which a year's own days are a step away.
    yearlyHolidays: holidays.filter(({ yearly }) => yearly).map(({ date }) => date.with({ year: COMMON_YEAR })),
  };
}

const COMMON_YEAR = 2025;

/** The local days of a UTC year reach into the year before and after. */
function holidaysAbout({ holidays, yearlyHolidays }: DayRules, year: number): Set<number> {
  const found = new Set(holidays);
  for (const about of [year - 1, year, year + 1]) {
    const newYear = new Temporal.PlainDate(about, 1, 1);
    const first = epochDay(newYear);
    for (const { month, dayOfYear } of yearlyHolidays)
      found.add(first + dayOfYear - 1 + (newYear.inLeapYear && month > 2 ? 1 : 0));
  }
  return found;
}

/** The time in `[from, to)` cut where the zone changes its offset. */
function* offsetStretches(
  zone: string,
  from: bigint,
  to: bigint,
): Generator<{ from: bigint; to: bigint; offset: bigint }> {
  let at = Temporal.Instant.fromEpochNanoseconds(from).toZonedDateTimeISO(zone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    const end = next === null || next.epochNanoseconds >= to ? to : next.epochNanoseconds;
    yield { from: at.epochNanoseconds, to: end, offset: BigInt(at.offsetNanoseconds) };
    if (next === null || end === to) return;
    at = next;
  }
}

/** Pieces of one kind that touch are one. */
function joined(pieces: Iterable<CalendarPiece>): CalendarPiece[] {
  const found: CalendarPiece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last !== undefined && last.kind === piece.kind && last.to === piece.from)
      found[found.length - 1] = { ...last, to: piece.to };
    else found.push(piece);
  }
  return found;
}

/** The index of the first item for which a condition holds that, once it holds, holds for all after it; the length where there is none. */
function firstIndex<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function floorDay(nanoseconds: bigint): number {
  const day = nanoseconds / DAY;
  return Number(nanoseconds % DAY < 0n ? day - 1n : day);
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
