import { ConflictError } from '#kernel/errors';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { StaffId } from '#modules/tickets';
import type { TimeTables } from './time-table.ts';

/** Throws `time.week-handed-in` for work in a week that its person handed in, by the days of that sheet's zone. The database holds to the same. */
export async function assertWeekOpen(tx: AnyTransaction, staffId: StaffId, at: Temporal.Instant): Promise<void> {
  // A week may begin up to a day before or after the same week in UTC.
  const day = at.toZonedDateTimeISO('UTC').toPlainDate();
  const sheets = await tx
    .typed<TimeTables>()
    .query.selectFrom('time_sheet')
    .select(['week_start', 'time_zone', 'state'])
    .where('staff_id', '=', staffId)
    .where('state', 'in', ['submitted', 'approved'])
    .where('week_start', '>=', day.subtract({ days: 8 }))
    .where('week_start', '<=', day.add({ days: 1 }))
    .execute();
  for (const sheet of sheets) {
    const local = at.toZonedDateTimeISO(sheet.time_zone).toPlainDate();
    if (weekStartOf(local).equals(sheet.week_start))
      throw new ConflictError(
        'time.week-handed-in',
        sheet.state === 'approved'
          ? `The week of ${sheet.week_start.toString()} is approved. Who approves timesheets can open it again.`
          : `The week of ${sheet.week_start.toString()} is handed in. Take it back first.`,
        { fields: [{ path: ['startedAt'], message: 'lies in a week that is handed in' }] },
      );
  }
}

/** The Monday of a day's week (ISO 8601). */
export function weekStartOf(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.subtract({ days: day.dayOfWeek - 1 });
}
