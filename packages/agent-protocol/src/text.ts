import { z } from 'zod';

/** The schema of a text: bounded, without NUL (PostgreSQL cannot store it) and without unpaired surrogates (UTF-8 cannot carry them). */
export function boundedText(max: number, options: { min?: number } = {}): z.ZodType<string, string> {
  return z
    .string()
    .min(options.min ?? 1, { error: 'must not be empty' })
    .max(max, { error: `must have at most ${max} characters` })
    .refine((value) => !value.includes('\0'), { error: 'must not contain a NUL character' })
    .refine((value) => value.isWellFormed(), { error: 'must not contain an unpaired surrogate' });
}

/**
 * Makes any text fit `boundedText(max)`: NUL and unpaired surrogates become U+FFFD, what is too long is cut at a whole character. What machines
 * report about themselves (SMBIOS strings, package names, program output) is not under our control, and must not block the rest.
 */
export function fitText(value: string, max: number): string {
  const clean = value.replaceAll('\0', '\u{FFFD}').toWellFormed();
  if (clean.length <= max) return clean;
  const cut = clean.slice(0, max);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
