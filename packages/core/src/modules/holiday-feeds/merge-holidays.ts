import type { CalendarHoliday } from '#modules/sla';

/** As many holidays as a calendar has. */
const MOST = 1000;

interface Feed {
  /** What was taken of the feed before. */
  readonly before: readonly CalendarHoliday[];
  /** What it says now. */
  readonly now: readonly CalendarHoliday[];
  readonly today: Temporal.PlainDate;
}

/**
 * A calendar's holidays after its feed was read: what people entered stays, what the feed takes back goes, and days of it that are over stay, for a feed that forgets last year takes nothing
 * back. `ofFeed` is what of them came from the feed. The oldest days go where there are more than a calendar has.
 */
export function mergeHolidays(
  calendar: readonly CalendarHoliday[],
  { before, now, today }: Feed,
): { holidays: CalendarHoliday[]; ofFeed: CalendarHoliday[] } {
  const taken = new Set(before.map(keyOf));
  const entered = calendar.filter((one) => !taken.has(keyOf(one)));
  const over = before.filter(
    ({ date, yearly }) => !yearly && Temporal.PlainDate.compare(Temporal.PlainDate.from(date), today) < 0,
  );
  const own = new Set(entered.map(keyOf));
  const ofFeed = unique([...over, ...now])
    .filter((one) => !own.has(keyOf(one)))
    .toSorted((one, other) => one.date.localeCompare(other.date))
    .slice(-Math.max(1, MOST - entered.length));
  return { holidays: [...entered, ...ofFeed].toSorted((one, other) => one.date.localeCompare(other.date)), ofFeed };
}

/** Whether two lists are the same days, in whatever order. */
export function areSameDays(one: readonly CalendarHoliday[], other: readonly CalendarHoliday[]): boolean {
  const keys = (days: readonly CalendarHoliday[]): string => JSON.stringify(days.map(keyOf).toSorted());
  return keys(one) === keys(other);
}

function unique(days: readonly CalendarHoliday[]): CalendarHoliday[] {
  return [...new Map(days.map(({ date, yearly }) => [keyOf({ date, yearly }), { date, yearly }])).values()];
}

function keyOf({ date, yearly }: CalendarHoliday): string {
  return `${date}${yearly ? ' yearly' : ''}`;
}
