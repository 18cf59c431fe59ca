import { z } from 'zod';
import { dateSchema, text, timeZoneSchema } from '#kernel/text';
import { ROUND_THE_CLOCK } from './business-calendar.ts';

const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], {
  error: 'must be one of mon, tue, wed, thu, fri, sat, sun',
});

const window = z
  .object({
    days: z.array(weekday).min(1, { error: 'must name at least one day' }).max(7),
    from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time from 00:00 to 23:59' }),
    to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: 'must be a time from 00:01 to 24:00' }),
  })
  .transform(({ days, from, to }) => ({ days, fromMinute: minuteOf(from), toMinute: minuteOf(to) }))
  .refine(({ fromMinute, toMinute }) => fromMinute < toMinute, {
    path: ['to'],
    error: 'must be later than from; what goes past midnight is two windows, until 24:00 and from 00:00',
  })
  .refine(({ days }) => new Set(days).size === days.length, { path: ['days'], error: 'must name each day once' });

const holiday = z
  .object({ date: dateSchema.transform((value) => Temporal.PlainDate.from(value)), yearly: z.boolean().default(false) })
  .refine(({ date, yearly }) => !yearly || date.month !== 2 || date.day !== 29, {
    path: ['date'],
    error:
      'must not be 29 February for a yearly holiday, for most years have none; name the leap years’ dates one by one',
  });

/** Hours in a zone's wall time: windows `[from, to)` by weekday, and holidays that close whole local days, each year or once. */
export const calendarSchema = z
  .object({
    id: text({ max: 200 }).refine((id) => id !== ROUND_THE_CLOCK, {
      error: `must not be the reserved ${ROUND_THE_CLOCK}`,
    }),
    zone: timeZoneSchema,
    windows: z.array(window).max(200),
    holidays: z.array(holiday).max(5000).default([]),
  })
  .superRefine(({ windows }, context) => {
    for (const { index, earlier, day } of overlaps(windows))
      context.addIssue({
        code: 'custom',
        path: ['windows', index],
        message: `overlaps with windows[${earlier}] on ${day}`,
      });
  });
/** A calendar as its hours are counted from. */
export type CalendarDefinition = z.output<typeof calendarSchema>;

type Windows = readonly z.output<typeof window>[];

function* overlaps(windows: Windows): Generator<{ index: number; earlier: number; day: string }> {
  for (const [index, one] of windows.entries()) {
    for (const [earlier, other] of windows.slice(0, index).entries()) {
      const day = one.days.find((name) => other.days.includes(name));
      if (day !== undefined && one.fromMinute < other.toMinute && other.fromMinute < one.toMinute)
        yield { index, earlier, day };
    }
  }
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
