import type { Id } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { BusinessCalendar, type CalendarReason } from './business-calendar.ts';
import { calendarSchema } from './calendar-input.ts';
import type { SlaTables } from './sla-table.ts';

/** A stretch of time that lies in one kind of hours. */
export interface HoursSpan {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  readonly reason: CalendarReason;
}

/** One version of a business calendar, as work is rated by it. */
export interface CalendarHours {
  readonly name: string;
  /** Which version: 1, 2, 3. */
  readonly number: number;
  readonly zone: string;
  /** `[from, to)` without gap or overlap, in order, cut where business hours begin or end; daylight saving is the calendar's zone's. */
  cut(from: Temporal.Instant, to: Temporal.Instant): HoursSpan[];
}

const KEPT = 500;

/** Answers for those who rate work which hours of a calendar it fell into. */
export class BusinessHours {
  /** Versions never change; keys hold the MSP, so that none is another's. */
  readonly #kept = new Map<string, BusinessCalendar>();

  /** A calendar as it is now; null for none, and for one that is not the MSP's. */
  async of(tx: AnyTransaction, calendarId: Id<'sla-calendar'> | null): Promise<CalendarHours | null> {
    if (calendarId === null) return null;
    const row = await tx
      .typed<SlaTables>()
      .query.selectFrom('sla_calendar')
      .innerJoin('sla_calendar_version', 'sla_calendar_version.id', 'sla_calendar.version_id')
      .select(['sla_calendar.name', 'sla_calendar_version.id', 'sla_calendar_version.number', 'definition'])
      .where('sla_calendar.id', '=', calendarId)
      .executeTakeFirst();
    if (row === undefined) return null;
    const key = `${tx.scope.mspId}:${row.id}`;
    let calendar = this.#kept.get(key);
    if (calendar === undefined) {
      if (this.#kept.size >= KEPT) this.#kept.clear();
      calendar = new BusinessCalendar(calendarSchema.parse({ id: row.id, ...row.definition }));
      this.#kept.set(key, calendar);
    }
    return calendarHours({ name: row.name, number: row.number, zone: row.definition.zone }, calendar);
  }
}

/** A calendar in the form that rating asks. */
export function calendarHours(
  about: { name: string; number: number; zone: string },
  calendar: BusinessCalendar,
): CalendarHours {
  return {
    ...about,
    cut: (from, to) =>
      [...calendar.spans(from.epochNanoseconds, to.epochNanoseconds)].map((span) => ({
        from: Temporal.Instant.fromEpochNanoseconds(span.from),
        to: Temporal.Instant.fromEpochNanoseconds(span.to),
        reason: span.reason,
      })),
  };
}
