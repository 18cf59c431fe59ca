import { type Trigger, WEEKDAYS } from './criteria-input.ts';

/** When a schedule comes round next, later than `after`; null for a trigger that is no schedule. A time that a spring night skips is taken as the zone's rules shift it. */
export function nextOccurrence(trigger: Trigger, after: Temporal.Instant): Temporal.Instant | null {
  if (trigger.kind !== 'schedule') return null;
  const time = Temporal.PlainTime.from(trigger.at);
  const today = after.toZonedDateTimeISO(trigger.zone).toPlainDate();
  for (let days = 0; days <= 7; days += 1) {
    const date = today.add({ days });
    const day = WEEKDAYS[date.dayOfWeek - 1];
    if (day === undefined || !trigger.days.includes(day)) continue;
    const at = date.toZonedDateTime({ timeZone: trigger.zone, plainTime: time }).toInstant();
    if (Temporal.Instant.compare(at, after) > 0) return at;
  }
  return null;
}
