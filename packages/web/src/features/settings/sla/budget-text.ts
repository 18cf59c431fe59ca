/** `4 h`, `1 h 30 min`, `90 min` as ISO 8601; null for nothing, undefined for what is no length. */
export function readBudget(text: string): string | null | undefined {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '') return null;
  const match = /^(?:(\d{1,5})\s*h)?\s*(?:(\d{1,5})\s*m(?:in)?)?$/.exec(trimmed);
  if (match === null) return undefined;
  const [, hours, minutes] = match;
  return `PT${hours === undefined ? '' : `${Number(hours)}H`}${minutes === undefined ? '' : `${Number(minutes)}M`}`;
}

/** ISO 8601 as it is typed: `PT1H30M` is `1 h 30 min`. */
export function budgetText(iso: string | null): string {
  if (iso === null) return '';
  const { weeks, days, hours, minutes } = Temporal.Duration.from(iso);
  const all = (weeks * 7 + days) * 24 + hours;
  return [all === 0 ? '' : `${all} h`, minutes === 0 ? '' : `${minutes} min`].filter((part) => part !== '').join(' ');
}
