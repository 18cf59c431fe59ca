import { sql } from 'kysely';
import type { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { MspQueries } from '#modules/tenancy';
import type { StaffId, StaffIdentity, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { spansOf } from './rate-time.ts';
import type { TimeChanges, TimeChangeView } from './time-changes.ts';
import type { TimeEntryId, TimeTables } from './time-table.ts';
import { toTimeEntryView } from './time-view.ts';
import type { listWeeksInput, weekInput, weekListView, weekView } from './timesheet-view.ts';
import { weekStartOf } from './week-lock.ts';
import { reviewWeek } from './week-review.ts';

interface StaffTable {
  client: { msp_id: MspId; id: ClientId; name: string };
  identity_staff: { msp_id: MspId; id: StaffId; name: string; removed_at: Temporal.Instant | null };
}
type Tables = TimeTables & StaffTable & Pick<TicketTables, 'ticket'>;

interface Deps {
  readonly db: ScopedDb;
  readonly staff: StaffIdentity;
  readonly msp: MspQueries;
  readonly changes: TimeChanges;
  readonly clock: Clock;
}

/** Reads weeks of work. */
export class TimesheetQueries {
  readonly #db: ScopedDb<Tables>;
  readonly #deps: Omit<Deps, 'db'>;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<Tables>();
    this.#deps = deps;
  }

  /** One person's week with its gaps, overlaps and what is missing; work for clients out of the reader's reach is left out. Throws `time.staff-not-found`. */
  async week(scope: TenantScope, input: z.output<typeof weekInput>): Promise<z.input<typeof weekView>> {
    const own = await this.#deps.staff.of(scope);
    const staffId = input.staffId ?? own;
    return this.#db.transaction(scope, async (tx) => {
      const person = staffId === null ? undefined : await this.#person(tx, staffId);
      if (staffId === null || person === undefined)
        throw new NotFoundError('time.staff-not-found', 'There is no such member of staff.');
      const now = this.#deps.clock.now();
      const zone = person.time_zone ?? (await this.#deps.msp.get(tx.scope)).timeZone;
      const start = mondayOf(input.day, now, zone);
      const row = await tx.query
        .selectFrom('time_sheet')
        .selectAll()
        .where('staff_id', '=', staffId)
        .where('week_start', '=', start)
        .executeTakeFirst();
      const week = { start, timeZone: row?.time_zone ?? zone, dayMinutes: person.day_minutes ?? 480 };
      const rows = await entriesOf(tx, staffId, week);
      const reversed = new Set(rows.flatMap((entry) => (entry.is_reversed ? [entry.id] : [])));
      const review = reviewWeek(
        week,
        rows.map((entry) => ({
          id: entry.id,
          spans: spansOf(entry.reverses_entry_id === null ? entry : { ...entry, parts: [] }),
          workedMinutes: entry.worked_minutes,
          isVoid: entry.reverses_entry_id !== null || reversed.has(entry.id),
        })),
        now,
      );
      const days = daysOf(review, rows, reversed, await this.#changesOf(tx, staffId, week, rows));
      return {
        staffId,
        staffName: person.name,
        isOwn: staffId === own,
        weekStart: start.toString(),
        timeZone: week.timeZone,
        dayMinutes: week.dayMinutes,
        ...stateOf(row),
        workedMinutes: sumOf(rows, (entry) => entry.worked_minutes),
        billableMinutes: sumOf(rows, (entry) => entry.billable_minutes),
        invoicedMinutes: sumOf(rows, (entry) => entry.invoiced_minutes ?? 0),
        missingMinutes: sumOf(days, (day) => day.missingMinutes),
        days,
      };
    });
  }

  /** Everybody's sums of a week, by name; who left and logged nothing is left out. */
  async weeks(scope: TenantScope, input: z.output<typeof listWeeksInput>): Promise<z.input<typeof weekListView>> {
    const { timeZone } = await this.#deps.msp.get(scope);
    const start = mondayOf(input.day, this.#deps.clock.now(), timeZone);
    return this.#db.transaction(scope, async (tx) => {
      const [people, sums] = [await this.#people(tx, start), await sumsByStaff(tx, start, timeZone)];
      const items = people
        .filter((person) => person.removed_at === null || sums.has(person.id))
        .map((person) => ({
          staffId: person.id,
          staffName: person.name,
          ...stateOf(person.sheet_id === null ? undefined : { ...person, id: person.sheet_id }),
          ...(sums.get(person.id) ?? { workedMinutes: 0, billableMinutes: 0 }),
        }));
      return { weekStart: start.toString(), items };
    });
  }

  async #changesOf(
    tx: ScopedTransaction<Tables>,
    staffId: StaffId,
    week: Week,
    rows: readonly { readonly id: TimeEntryId }[],
  ): Promise<Changes> {
    const { changes } = this.#deps;
    const removed = await changes.removedFromWeek(tx, staffId, rangeOfWeek(week));
    return {
      corrected: await changes.ofEntries(
        tx,
        rows.map(({ id }) => id),
      ),
      removed: Map.groupBy(removed, ({ before }) =>
        Temporal.Instant.from(before.startedAt).toZonedDateTimeISO(week.timeZone).toPlainDate().toString(),
      ),
    };
  }

  async #person(tx: ScopedTransaction<Tables>, staffId: StaffId) {
    return tx.query
      .selectFrom('identity_staff')
      .leftJoin('time_staff', 'time_staff.staff_id', 'identity_staff.id')
      .select(['identity_staff.name', 'time_staff.time_zone', 'time_staff.day_minutes'])
      .where('identity_staff.id', '=', staffId)
      .executeTakeFirst();
  }

  async #people(tx: ScopedTransaction<Tables>, start: Temporal.PlainDate) {
    return tx.query
      .selectFrom('identity_staff')
      .leftJoin('time_sheet', (join) =>
        join.onRef('time_sheet.staff_id', '=', 'identity_staff.id').on('time_sheet.week_start', '=', start),
      )
      .select(['identity_staff.id', 'identity_staff.name', 'identity_staff.removed_at'])
      .select(['time_sheet.id as sheet_id', 'state', 'decided_by', 'note', 'time_sheet.version'])
      .orderBy(sql`lower(identity_staff.name)`)
      .orderBy('identity_staff.id')
      .limit(1000)
      .execute();
  }
}

interface Week {
  readonly start: Temporal.PlainDate;
  readonly timeZone: string;
}

/** Corrections by entry, and what was removed by day. */
interface Changes {
  readonly corrected: ReadonlyMap<TimeEntryId, readonly TimeChangeView[]>;
  readonly removed: ReadonlyMap<string, readonly TimeChangeView[]>;
}

function rangeOfWeek(week: Week): { from: Temporal.Instant; to: Temporal.Instant } {
  return {
    from: week.start.toZonedDateTime(week.timeZone).toInstant(),
    to: week.start.add({ days: 7 }).toZonedDateTime(week.timeZone).toInstant(),
  };
}

/** The days as they leave the server. */
function daysOf(
  review: ReturnType<typeof reviewWeek>,
  rows: Awaited<ReturnType<typeof entriesOf>>,
  reversed: ReadonlySet<string>,
  changes: Changes,
): z.input<typeof weekView>['days'] {
  const byId = new Map(rows.map((entry) => [entry.id as string, entry]));
  return review.days.map((day) => {
    const entries = day.entries.flatMap((id) => byId.get(id) ?? []);
    return {
      date: day.date.toString(),
      removed: [...(changes.removed.get(day.date.toString()) ?? [])],
      missingMinutes: day.missingMinutes,
      gaps: day.gaps.map(({ from, to }) => ({ from: from.toString(), to: to.toString() })),
      workedMinutes: sumOf(entries, (entry) => entry.worked_minutes),
      billableMinutes: sumOf(entries, (entry) => entry.billable_minutes),
      entries: entries.map((entry) => ({
        ...toTimeEntryView(entry),
        clientName: entry.client_name,
        ticketNumber: entry.number,
        ticketSubject: entry.subject ?? '',
        changes: [...(changes.corrected.get(entry.id) ?? [])],
        isReversed: reversed.has(entry.id),
        overlapsWith: (review.overlaps.get(entry.id) ?? []) as (typeof entry.id)[],
      })),
    };
  });
}

function mondayOf(day: string | undefined, now: Temporal.Instant, zone: string): Temporal.PlainDate {
  return weekStartOf(day === undefined ? now.toZonedDateTimeISO(zone).toPlainDate() : Temporal.PlainDate.from(day));
}

async function entriesOf(tx: ScopedTransaction<Tables>, staffId: StaffId, week: Week) {
  const { from, to } = rangeOfWeek(week);
  return tx.query
    .selectFrom('time_entry')
    .innerJoin('client', 'client.id', 'time_entry.client_id')
    .leftJoin('ticket', 'ticket.id', 'time_entry.ticket_id')
    .selectAll('time_entry')
    .select(['ticket.number', 'ticket.subject', 'client.name as client_name'])
    .select((entry) =>
      entry
        .exists(
          entry
            .selectFrom('time_entry as back')
            .select('back.id')
            .whereRef('back.client_id', '=', 'time_entry.client_id')
            .whereRef('back.reverses_entry_id', '=', 'time_entry.id'),
        )
        .as('is_reversed'),
    )
    .where('staff_id', '=', staffId)
    .where('started_at', '>=', from)
    .where('started_at', '<', to)
    .orderBy('started_at')
    .orderBy('time_entry.id')
    .limit(2000)
    .execute();
}

/** In each person's own zone, in one query. */
async function sumsByStaff(tx: ScopedTransaction<Tables>, start: Temporal.PlainDate, mspZone: string) {
  const zone = sql<string>`coalesce(time_staff.time_zone, ${mspZone})`;
  const local = sql<Temporal.PlainDate>`(started_at at time zone ${zone})::date`;
  const instant = start.toZonedDateTime('UTC').toInstant();
  const rows = await tx.query
    .selectFrom('time_entry')
    .leftJoin('time_staff', 'time_staff.staff_id', 'time_entry.staff_id')
    .select((e) => [
      'time_entry.staff_id',
      e.fn.sum<string>('worked_minutes').as('worked'),
      e.fn.sum<string>('billable_minutes').as('billable'),
    ])
    .where('started_at', '>=', instant.subtract({ hours: 24 }))
    .where('started_at', '<', instant.add({ hours: 24 * 8 }))
    .where(sql<boolean>`${local} between ${start.toString()}::date and ${start.toString()}::date + 6`)
    .groupBy('time_entry.staff_id')
    .execute();
  return new Map(
    rows.map((row) => [row.staff_id, { workedMinutes: Number(row.worked), billableMinutes: Number(row.billable) }]),
  );
}

function stateOf(
  row:
    | {
        id: TimeTables['time_sheet']['id'];
        state: TimeTables['time_sheet']['state'] | null;
        decided_by: string | null;
        note: string | null;
        version: number | null;
      }
    | undefined,
) {
  return {
    timesheetId: row?.id ?? null,
    state: row?.state ?? ('open' as const),
    decidedBy: row?.decided_by ?? '',
    note: row?.note ?? '',
    version: row?.version ?? 0,
  };
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
