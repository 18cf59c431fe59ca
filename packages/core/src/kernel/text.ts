import { z } from 'zod';

/**
 * Text that PostgreSQL can store and a person can have meant: no NUL (PostgreSQL refuses it), no unpaired surrogate
 * (it would not survive UTF-8), trimmed, within a length.
 */
export function text(options: { min?: number; max: number }): z.ZodType<string, string> {
  return z
    .string()
    .trim()
    .min(options.min ?? 1, {
      error:
        options.min === undefined || options.min === 1
          ? 'must not be empty'
          : `must have at least ${options.min} characters`,
    })
    .max(options.max, { error: `must have at most ${options.max} characters` })
    .refine((value) => !value.includes('\0'), { error: 'must not contain a NUL character' })
    .refine((value) => value.isWellFormed(), { error: 'must not contain an unpaired surrogate' });
}

/** An IANA time zone that this runtime knows. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, { error: 'must be an IANA time zone such as Europe/London' });

function isTimeZone(zone: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(zone);
    return !/^[+-]/.test(zone);
  } catch {
    return false;
  }
}

/** An instant on the wire: RFC 3339 with zone, parsed to `Temporal.Instant`. */
export const instantSchema = z.iso.datetime({ offset: true }).transform((value) => Temporal.Instant.from(value));

/** A calendar date on the wire: `2026-11-20`. */
export const dateSchema = z.iso.date();
