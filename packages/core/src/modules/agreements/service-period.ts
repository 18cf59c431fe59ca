import type { BillingPeriod } from './agreement.ts';

/** A range of days: `from` is in it, `until` is not. */
export interface DayRange {
  readonly from: Temporal.PlainDate;
  readonly until: Temporal.PlainDate;
}

const MONTHS: Readonly<Record<BillingPeriod, number>> = { monthly: 1, quarterly: 3, yearly: 12 };

/**
 * The periods of an agreement from its start until `before`, in order. Each is counted from the start and not from its predecessor: from the 31st of January, monthly, come
 * the 28th of February and then again the 31st of March. The last one ends with the agreement.
 */
export function servicePeriods(
  agreement: { startsOn: Temporal.PlainDate; endsOn: Temporal.PlainDate | null; billingPeriod: BillingPeriod },
  before: Temporal.PlainDate,
): DayRange[] {
  const end = agreement.endsOn?.add({ days: 1 }) ?? null;
  const periods: DayRange[] = [];
  for (let index = 0; ; index += 1) {
    const from = agreement.startsOn.add({ months: index * MONTHS[agreement.billingPeriod] });
    if (!isBefore(from, before) || (end !== null && !isBefore(from, end))) return periods;
    const until = agreement.startsOn.add({ months: (index + 1) * MONTHS[agreement.billingPeriod] });
    periods.push({ from, until: end !== null && isBefore(end, until) ? end : until });
  }
}

/** The day on which a period that starts on `day` ends. */
export function periodAfter(day: Temporal.PlainDate, billingPeriod: BillingPeriod): Temporal.PlainDate {
  return day.add({ months: MONTHS[billingPeriod] });
}

function isBefore(day: Temporal.PlainDate, other: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(day, other) < 0;
}

/** A range as people read it: `1 to 31 October 2026`, the last day included. */
export function formatRange(range: DayRange, locale = 'en-GB'): string {
  const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return format.formatRange(range.from, range.until.subtract({ days: 1 }));
}
