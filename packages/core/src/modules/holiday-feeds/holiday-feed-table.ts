import type { JSONColumnType } from 'kysely';
import type { Id, MspId } from '#kernel/id';
import type { CalendarHoliday, SlaCalendarId } from '#modules/sla';

export interface HolidayFeedTables {
  holiday_feed: {
    msp_id: MspId;
    id: Id<'holiday-feed'>;
    calendar_id: SlaCalendarId;
    url: string;
    /** What of the calendar's holidays came from the feed. */
    holidays: JSONColumnType<CalendarHoliday[], string, string>;
    etag: string | null;
    last_modified: string | null;
    succeeded_at: Temporal.Instant;
    /** Why the last look failed; null where it did not. */
    problem: string | null;
    problem_at: Temporal.Instant | null;
    next_look_at: Temporal.Instant;
  };
}
