import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { dateSchema, timeZoneSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffIdentity, TicketForWork, TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { timeChangeView, type TimeChanges } from './time-changes.ts';
import type { TimeTables } from './time-table.ts';
import { timeEntryView, toTimeEntryView, type TimeEntryView } from './time-view.ts';

export const ticketTimeInput = z.object({ ticketId: idSchema('ticket') });
export const ticketTimeView = z.object({
  items: z.array(timeEntryView.extend({ changes: z.array(timeChangeView) })),
  /** What was removed from the ticket, the last first. */
  removed: z.array(timeChangeView),
  workedMinutes: z.int(),
  billableMinutes: z.int(),
});
export const timesheetInput = z.object({
  /** One's own where it is left out. */
  staffId: idSchema('staff').optional(),
  from: dateSchema,
  /** The last day, included; at most 31 days. */
  to: dateSchema,
  timeZone: timeZoneSchema,
});
const day = z.object({
  date: z.iso.date(),
  workedMinutes: z.int(),
  billableMinutes: z.int(),
  entries: z.array(timeEntryView),
});
export const timesheetView = z.object({ days: z.array(day) });

const MAX_DAYS = 31;

/** Reads time entries. */
export class TimeQueries {
  readonly #db: ScopedDb<TimeTables>;
  readonly #staff: StaffIdentity;
  readonly #tickets: TicketForWork;
  readonly #changes: TimeChanges;

  constructor(deps: { db: ScopedDb; staff: StaffIdentity; tickets: TicketForWork; changes: TimeChanges }) {
    this.#db = deps.db.typed<TimeTables>();
    this.#staff = deps.staff;
    this.#tickets = deps.tickets;
    this.#changes = deps.changes;
  }

  /** All time of a ticket, oldest first, with its sums. Throws `tickets.ticket-not-found`. */
  async ofTicket(scope: TenantScope, ticketId: TicketId): Promise<z.input<typeof ticketTimeView>> {
    return this.#db.transaction(scope, async (tx) => {
      const ticket = await this.#tickets.read(tx, ticketId);
      const rows = await tx.query
        .selectFrom('time_entry')
        .selectAll()
        .where('client_id', '=', ticket.client_id)
        .where('ticket_id', '=', ticketId)
        .orderBy('started_at')
        .orderBy('id')
        .limit(1000)
        .execute();
      const changes = await this.#changes.ofEntries(
        tx,
        rows.map(({ id }) => id),
      );
      const items = rows.map((row) => ({ ...toTimeEntryView(row), changes: [...(changes.get(row.id) ?? [])] }));
      return { items, removed: await this.#changes.removedFromTicket(tx, ticketId), ...sums(items) };
    });
  }

  /** What somebody worked, day by day in a time zone; every day of the range is there, empty ones too. */
  async timesheet(scope: TenantScope, input: z.output<typeof timesheetInput>): Promise<z.input<typeof timesheetView>> {
    const staffId = input.staffId ?? (await this.#staff.of(scope));
    const first = Temporal.PlainDate.from(input.from);
    const wanted = first.until(Temporal.PlainDate.from(input.to)).days + 1;
    const dates = Array.from({ length: Math.max(0, Math.min(wanted, MAX_DAYS)) }, (_, index) =>
      first.add({ days: index }),
    );
    const end = first.add({ days: dates.length });
    const instantOf = (date: Temporal.PlainDate) => date.toZonedDateTime(input.timeZone).toInstant();
    const rows =
      staffId === null || dates.length === 0
        ? []
        : await this.#db.read(scope, (query) =>
            query
              .selectFrom('time_entry')
              .selectAll()
              .where('staff_id', '=', staffId)
              .where('started_at', '>=', instantOf(first))
              .where('started_at', '<', instantOf(end))
              .orderBy('started_at')
              .orderBy('id')
              .limit(5000),
          );
    const byDay = Map.groupBy(rows, (row) =>
      row.started_at.toZonedDateTimeISO(input.timeZone).toPlainDate().toString(),
    );
    return {
      days: dates.map((date) => {
        const entries = (byDay.get(date.toString()) ?? []).map(toTimeEntryView);
        return { date: date.toString(), entries, ...sums(entries) };
      }),
    };
  }
}

function sums(entries: readonly TimeEntryView[]): { workedMinutes: number; billableMinutes: number } {
  return {
    workedMinutes: entries.reduce((total, entry) => total + entry.workedMinutes, 0),
    billableMinutes: entries.reduce((total, entry) => total + entry.billableMinutes, 0),
  };
}
