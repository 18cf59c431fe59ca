/** The moments that people mean most, in the zone of `now`, as a `datetime-local` field has them; none that is past. */
export function snoozeTimes(now: Temporal.ZonedDateTime): { label: string; at: string }[] {
  const day = now.startOfDay();
  const morning = (date: Temporal.ZonedDateTime) => date.with({ hour: 9 });
  const untilMonday = 8 - now.dayOfWeek;
  const times = [
    { label: 'In two hours', at: now.add({ hours: 2 }).round({ smallestUnit: 'minute', roundingMode: 'ceil' }) },
    { label: 'This evening', at: day.with({ hour: 18 }) },
    { label: 'Tomorrow', at: morning(day.add({ days: 1 })) },
    { label: 'Monday', at: morning(day.add({ days: untilMonday })) },
    { label: 'In a month', at: morning(day.add({ months: 1 })) },
  ];
  return times
    .filter(({ at }) => Temporal.ZonedDateTime.compare(at, now) > 0)
    .map(({ label, at }) => ({ label, at: at.toPlainDateTime().toString({ smallestUnit: 'minute' }) }));
}
