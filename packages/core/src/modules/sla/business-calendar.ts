import type { CalendarDefinition } from './calendar-input.ts';
import { CalendarYear, dayRules, startOfYear, yearOf, type DayRules } from './calendar-year.ts';

/** The id of the calendar that is always open and knows no holidays. */
export const ROUND_THE_CLOCK = '24x7';

/** Why time counts, or does not, by a calendar. */
export type CalendarReason = '24x7' | 'business-hours' | 'outside-hours' | 'holiday';

export interface CalendarSpan {
  readonly from: bigint;
  readonly to: bigint;
  readonly reason: CalendarReason;
}

/** Which time counts. Instants are nanoseconds since 1970-01-01T00:00Z. */
export interface WorkingTime {
  /** How much of `[from, to)` counts. */
  counted(from: bigint, to: bigint): bigint;
  /** The earliest instant at which `amount` was counted since `from`; null where that is more than a century away. */
  reach(from: bigint, amount: bigint): bigint | null;
  /** `[from, to)` without gap or overlap, in order. */
  spans(from: bigint, to: bigint): Iterable<CalendarSpan>;
}

/** No promise reaches further; a calendar that opens on leap days only, or never, must not be searched for ever. */
export const HORIZON_YEARS = 100;

const KEPT_YEARS = 128;

/** Counts all time that passes. */
export const roundTheClock: WorkingTime = {
  counted: (from, to) => to - from,
  reach: (from, amount) => (from + amount <= startOfYear(yearOf(from) + HORIZON_YEARS) ? from + amount : null),
  spans: (from, to) => (from < to ? [{ from, to, reason: '24x7' }] : []),
};

/** Counts the time in the windows of a calendar, in its zone's wall time, without its holidays. */
export class BusinessCalendar implements WorkingTime {
  readonly #rules: DayRules;
  readonly #years = new Map<number, CalendarYear>();

  constructor(definition: CalendarDefinition) {
    this.#rules = dayRules(definition);
  }

  counted(from: bigint, to: bigint): bigint {
    if (from >= to) return 0n;
    const last = yearOf(to);
    let sum = this.#year(last).openBefore(to);
    for (let year = yearOf(from); year < last; year += 1) sum += this.#year(year).total;
    return sum - this.#year(yearOf(from)).openBefore(from);
  }

  reach(from: bigint, amount: bigint): bigint | null {
    if (amount === 0n) return from;
    if (this.#rules.windows.values().every((windows) => windows.length === 0)) return null;
    const first = yearOf(from);
    let wanted = amount + this.#year(first).openBefore(from);
    for (let year = first; year < first + HORIZON_YEARS; year += 1) {
      const index = this.#year(year);
      if (wanted <= index.total) return index.reach(wanted);
      wanted -= index.total;
    }
    return null;
  }

  *spans(from: bigint, to: bigint): Generator<CalendarSpan> {
    let at = from;
    for (let year = yearOf(from); at < to; year += 1) {
      for (const piece of this.#year(year).piecesAfter(at)) {
        if (piece.from >= to) break;
        if (at < piece.from) yield { from: at, to: piece.from, reason: 'outside-hours' };
        const start = at > piece.from ? at : piece.from;
        at = piece.to < to ? piece.to : to;
        yield { from: start, to: at, reason: piece.kind === 'open' ? 'business-hours' : 'holiday' };
      }
      const end = startOfYear(year + 1) < to ? startOfYear(year + 1) : to;
      if (at < end) yield { from: at, to: end, reason: 'outside-hours' };
      at = end;
    }
  }

  #year(year: number): CalendarYear {
    const known = this.#years.get(year);
    if (known !== undefined) return known;
    // Only a hostile file has cases over so many years; it must not fill the memory with them.
    if (this.#years.size >= KEPT_YEARS) this.#years.clear();
    const built = new CalendarYear(this.#rules, year);
    this.#years.set(year, built);
    return built;
  }
}
