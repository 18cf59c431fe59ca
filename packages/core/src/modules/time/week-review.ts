import { firstOverlap } from './overlaps.ts';
import type { WorkSpan } from './rate-work.ts';

/** An entry as a week is looked at. */
export interface ReviewedEntry {
  readonly id: string;
  readonly spans: readonly WorkSpan[];
  readonly workedMinutes: number;
  /** True for a reversal, and for what one takes back: neither lies anywhere in the day any more. */
  readonly isVoid: boolean;
}

/** What a day of somebody's week shows at a glance. */
export interface ReviewedDay {
  readonly date: Temporal.PlainDate;
  readonly entries: readonly string[];
  /** Time between two pieces of work for which nothing is logged. */
  readonly gaps: readonly WorkSpan[];
  /** How much of a past working day is not accounted for. */
  readonly missingMinutes: number;
}

/** Shorter breaks are breaths, not gaps. */
const SHORTEST_GAP_MINUTES = 15;
const WORKING_DAYS = 5;

/**
 * A week day by day in its person's zone. An entry belongs to the day on which it began. Missing is what is left of the daily minutes on days from Monday to Friday that are
 * over; entries that share time name each other.
 */
export function reviewWeek(
  week: { readonly start: Temporal.PlainDate; readonly timeZone: string; readonly dayMinutes: number },
  entries: readonly ReviewedEntry[],
  now: Temporal.Instant,
): { days: ReviewedDay[]; overlaps: ReadonlyMap<string, readonly string[]> } {
  const today = now.toZonedDateTimeISO(week.timeZone).toPlainDate();
  const dayOf = ({ spans }: ReviewedEntry): string =>
    spans[0]?.from.toZonedDateTimeISO(week.timeZone).toPlainDate().toString() ?? '';
  const byDay = Map.groupBy(entries, dayOf);
  const days = Array.from({ length: 7 }, (_, index) => {
    const date = week.start.add({ days: index });
    const ofDay = byDay.get(date.toString()) ?? [];
    const worked = ofDay.reduce((sum, entry) => sum + entry.workedMinutes, 0);
    const isDue = index < WORKING_DAYS && Temporal.PlainDate.compare(date, today) < 0;
    return {
      date,
      entries: ofDay.map(({ id }) => id),
      gaps: gapsOf(ofDay.filter(({ isVoid }) => !isVoid).flatMap(({ spans }) => spans)),
      missingMinutes: isDue ? Math.max(0, week.dayMinutes - worked) : 0,
    };
  });
  return { days, overlaps: overlapsAmong(entries.filter(({ isVoid }) => !isVoid)) };
}

function gapsOf(spans: readonly WorkSpan[]): WorkSpan[] {
  const gaps: WorkSpan[] = [];
  let end: Temporal.Instant | undefined;
  for (const span of spans.toSorted((a, b) => Temporal.Instant.compare(a.from, b.from))) {
    if (end !== undefined && Temporal.Instant.compare(end.add({ minutes: SHORTEST_GAP_MINUTES }), span.from) <= 0)
      gaps.push({ from: end, to: span.from });
    if (end === undefined || Temporal.Instant.compare(span.to, end) > 0) end = span.to;
  }
  return gaps;
}

function overlapsAmong(entries: readonly ReviewedEntry[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const note = (one: string, other: string): void => void found.set(one, [...(found.get(one) ?? []), other]);
  const sorted = entries.toSorted((a, b) => compareStarts(a, b));
  for (const [index, entry] of sorted.entries()) {
    const end = entry.spans.at(-1)?.to;
    for (const next of sorted.slice(index + 1)) {
      const start = next.spans[0]?.from;
      // Sorted by start: whatever begins after this one's end touches it no more.
      if (end === undefined || start === undefined || Temporal.Instant.compare(start, end) >= 0) break;
      if (firstOverlap(entry.spans, next.spans) === null) continue;
      note(entry.id, next.id);
      note(next.id, entry.id);
    }
  }
  return found;
}

function compareStarts(a: ReviewedEntry, b: ReviewedEntry): number {
  const [one, other] = [a.spans[0]?.from, b.spans[0]?.from];
  return one === undefined || other === undefined ? 0 : Temporal.Instant.compare(one, other);
}
