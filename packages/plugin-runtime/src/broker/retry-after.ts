const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const httpDate = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/;

/** A day: what is further away is a mistake, or a way to switch a connection off. */
const MAX_MS = 86_400_000;

/** Reads Retry-After (RFC 9110 §10.2.3), seconds or a date, as milliseconds from now; null where it is absent or unreadable. */
export function retryAfterMs(value: string | undefined, nowMs: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.min(MAX_MS, Math.ceil(Number(text) * 1000));
  const [, day, name, year, time] = httpDate.exec(text) ?? [];
  const month = months.indexOf(name ?? '') + 1;
  if (month === 0) return null;
  try {
    const at = Temporal.Instant.from(`${year}-${String(month).padStart(2, '0')}-${day}T${time}Z`);
    return Math.min(MAX_MS, Math.max(0, at.epochMilliseconds - nowMs));
  } catch {
    return null;
  }
}
