import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { text, timeZoneSchema } from '#kernel/text';

/** What may stand in a recurring ticket's words, filled in for each occurrence by the day in the client's zone. */
export const PLACEHOLDERS = ['date', 'day', 'month', 'year', 'week', 'quarter', 'client'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const words = (max: number, min = 1) =>
  text({ min, max }).refine((value) => unknownIn(value) === undefined, {
    error: `must use only ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')} in braces`,
  });

/** The ticket that each occurrence opens. */
export const recurringTemplate = z.object({
  subject: words(180),
  body: words(20_000, 0).default(''),
  type: z.enum(['incident', 'request', 'problem', 'task']).default('task'),
  priority: z.int().min(1).max(4).default(3),
  queueId: idSchema('ticket-queue').optional(),
  assigneeId: idSchema('staff').optional(),
  siteId: idSchema('site').optional(),
  contactId: idSchema('contact').optional(),
  assetId: idSchema('asset').optional(),
});
export type RecurringTemplate = z.output<typeof recurringTemplate>;

const when = {
  /** RFC 5545: `FREQ=WEEKLY;BYDAY=MO`, with `COUNT` or `UNTIL` where it ends. */
  rule: z
    .string()
    .trim()
    .toUpperCase()
    .transform((value) => value.replace(/^RRULE:/, ''))
    .pipe(
      z
        .string()
        .max(300)
        .refine((value) => value.includes('FREQ='), { error: 'must be a rule such as FREQ=WEEKLY;BYDAY=MO' }),
    ),
  /** The wall clock of the first occurrence: `2026-11-23T09:00`. */
  startsAt: z.iso
    .datetime({ local: true, offset: false, error: 'must be a local date and time, such as 2026-11-23T09:00' })
    .transform((value) => Temporal.PlainDateTime.from(value.replace(/Z$/, '')).round('minute')),
  /** Whose wall clock; left out, the client's. */
  timeZone: timeZoneSchema.optional(),
  /** A business calendar whose holidays are left out. */
  calendarId: idSchema('sla-calendar').nullable().default(null),
};
const fields = {
  ...when,
  name: text({ max: 120 }),
  template: recurringTemplate,
  checklistTemplateId: idSchema('checklist-template').nullable().default(null),
};
export const previewRunsInput = z.object({ clientId: clientIdSchema, ...when });
export const createRecurringInput = z.object({ clientId: clientIdSchema, ...fields });
export const updateRecurringInput = z.object({
  recurringId: idSchema('recurring-ticket'),
  version: z.int(),
  ...fields,
});
export const pauseRecurringInput = z.object({
  recurringId: idSchema('recurring-ticket'),
  version: z.int(),
  isPaused: z.boolean(),
});
export const removeRecurringInput = z.object({ recurringId: idSchema('recurring-ticket'), version: z.int() });

/** Text with its placeholders filled in; nothing in it is ever run. */
export function filled(value: string, by: Readonly<Record<Placeholder, string>>): string {
  return value.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => {
    const known = PLACEHOLDERS.find((placeholder) => placeholder === name);
    return known === undefined ? whole : by[known];
  });
}

/** What the placeholders stand for on a day. */
export function placeholdersOf(day: Temporal.PlainDate, client: string): Record<Placeholder, string> {
  return {
    date: day.toString(),
    day: String(day.day),
    month: day.toLocaleString('en', { month: 'long' }),
    year: String(day.year),
    week: String(day.weekOfYear ?? ''),
    quarter: String(Math.ceil(day.month / 3)),
    client,
  };
}

function unknownIn(value: string): string | undefined {
  return [...value.matchAll(/\{([a-z]+)\}/g)]
    .map(([, name]) => name)
    .find((name) => !PLACEHOLDERS.some((known) => known === name));
}
