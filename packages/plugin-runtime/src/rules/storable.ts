/** Whether PostgreSQL can keep the text: no null characters, no broken surrogates. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The text as PostgreSQL can keep it: for what a person reads, where refusing it would hide what happened. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

const FIRST = Temporal.Instant.from('0001-01-01T00:00:00Z');
const LAST = Temporal.Instant.from('9999-12-31T23:59:59.999999999Z');

/** Whether the text is a point in time of the years 1 to 9999 in UTC: others are mistakes, and have no form that all sides read. */
export function isStorableInstant(text: string): boolean {
  try {
    const instant = Temporal.Instant.from(text);
    return Temporal.Instant.compare(instant, FIRST) >= 0 && Temporal.Instant.compare(instant, LAST) <= 0;
  } catch {
    return false;
  }
}
