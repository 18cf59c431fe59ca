import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { dateSchema } from '#kernel/text';
import { timeChangeView } from './time-changes.ts';
import { timeEntryView } from './time-view.ts';

export const weekInput = z.object({
  /** One's own where it is left out. */
  staffId: idSchema('staff').optional(),
  /** Any day of the week; left out, it is the week of now. */
  day: dateSchema.optional(),
});
const sheet = {
  staffId: idSchema('staff'),
  staffName: z.string(),
  /** Null for a week that was never handed in. */
  timesheetId: idSchema('time-sheet').nullable(),
  state: z.enum(['open', 'submitted', 'approved', 'returned']),
  decidedBy: z.string(),
  note: z.string(),
  /** 0 for a week that was never handed in. */
  version: z.int(),
  workedMinutes: z.int(),
  billableMinutes: z.int(),
};
/** A week of work, day by day. */
export const weekView = z.object({
  ...sheet,
  weekStart: z.iso.date(),
  timeZone: z.string(),
  dayMinutes: z.int(),
  isOwn: z.boolean(),
  invoicedMinutes: z.int(),
  missingMinutes: z.int(),
  days: z.array(
    z.object({
      date: z.iso.date(),
      workedMinutes: z.int(),
      billableMinutes: z.int(),
      missingMinutes: z.int(),
      gaps: z.array(z.object({ from: z.iso.datetime(), to: z.iso.datetime() })),
      removed: z.array(timeChangeView),
      entries: z.array(
        timeEntryView.extend({
          clientName: z.string(),
          /** Null for work for the client that is on no ticket. */
          ticketNumber: z.int().nullable(),
          ticketSubject: z.string(),
          changes: z.array(timeChangeView),
          isReversed: z.boolean(),
          /** Other entries of the week that share time with this one. */
          overlapsWith: z.array(idSchema('time-entry')),
        }),
      ),
    }),
  ),
});
export const listWeeksInput = z.object({ day: dateSchema.optional() });
export const weekListView = z.object({ weekStart: z.iso.date(), items: z.array(z.object(sheet)) });
