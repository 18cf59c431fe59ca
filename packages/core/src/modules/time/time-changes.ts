import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema, newId } from '#kernel/id';
import { WORK_TYPES } from '#modules/agreements';
import type { StaffId, TicketId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { TimeEntryRow } from './time-store.ts';
import type { KeptEntry, TimeEntryId, TimeTables } from './time-table.ts';

/** What of an entry its history keeps. */
const kept = z.object({
  startedAt: z.iso.datetime(),
  workedMinutes: z.int(),
  billableMinutes: z.int(),
  workType: z.enum(WORK_TYPES),
  note: z.string(),
});
/** That an entry was corrected or removed, and why. */
export const timeChangeView = z.object({
  entryId: idSchema('time-entry'),
  kind: z.enum(['corrected', 'removed']),
  reason: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  before: kept,
  /** Null for what was removed. */
  after: kept.nullable(),
});
export type TimeChangeView = z.input<typeof timeChangeView>;

/** As many as a screen shows of what was removed; more is in the audit trail. */
const MAX_REMOVED = 100;

/** What an entry says, as its history keeps it. */
export function keptOf(
  entry: Pick<TimeEntryRow, 'started_at' | 'worked_minutes' | 'billable_minutes' | 'work_type' | 'note'>,
): KeptEntry {
  return {
    startedAt: entry.started_at.toString(),
    workedMinutes: entry.worked_minutes,
    billableMinutes: entry.billable_minutes,
    workType: entry.work_type,
    note: entry.note,
  };
}

/** The only writer of `time_change`. */
export class TimeChanges {
  readonly #clock: Clock;

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /** Notes a correction (`after` says to what) or a removal (`after` is null), in the caller's transaction. */
  async add(tx: AnyTransaction, entry: TimeEntryRow, reason: string, after: KeptEntry | null): Promise<void> {
    await tx
      .typed<TimeTables>()
      .query.insertInto('time_change')
      .values({
        msp_id: tx.scope.mspId,
        id: newId<'time-change'>(),
        client_id: entry.client_id,
        ticket_id: entry.ticket_id,
        entry_id: entry.id,
        staff_id: entry.staff_id,
        kind: after === null ? 'removed' : 'corrected',
        reason,
        by_label: tx.scope.actor.label,
        at: this.#clock.now(),
        started_at: entry.started_at,
        before: JSON.stringify(keptOf(entry)),
        after: after === null ? null : JSON.stringify(after),
      })
      .execute();
  }

  /** How entries were corrected, by entry, the first correction first. */
  async ofEntries(
    tx: AnyTransaction,
    ids: readonly TimeEntryId[],
  ): Promise<ReadonlyMap<TimeEntryId, readonly TimeChangeView[]>> {
    if (ids.length === 0) return new Map();
    const rows = await tx
      .typed<TimeTables>()
      .query.selectFrom('time_change')
      .selectAll()
      .where('entry_id', 'in', [...ids])
      .orderBy('id')
      .execute();
    return Map.groupBy(rows.map(toView), ({ entryId }) => entryId as TimeEntryId);
  }

  /** What was removed from a ticket, the last first. */
  async removedFromTicket(tx: AnyTransaction, ticketId: TicketId): Promise<TimeChangeView[]> {
    const rows = await tx
      .typed<TimeTables>()
      .query.selectFrom('time_change')
      .selectAll()
      .where('ticket_id', '=', ticketId)
      .where('kind', '=', 'removed')
      .orderBy('id', 'desc')
      .limit(MAX_REMOVED)
      .execute();
    return rows.map(toView);
  }

  /** What was removed of somebody's work that began in a stretch of time, in its order. */
  async removedFromWeek(
    tx: AnyTransaction,
    staffId: StaffId,
    week: { readonly from: Temporal.Instant; readonly to: Temporal.Instant },
  ): Promise<TimeChangeView[]> {
    const rows = await tx
      .typed<TimeTables>()
      .query.selectFrom('time_change')
      .selectAll()
      .where('staff_id', '=', staffId)
      .where('kind', '=', 'removed')
      .where('started_at', '>=', week.from)
      .where('started_at', '<', week.to)
      .orderBy('started_at')
      .limit(MAX_REMOVED)
      .execute();
    return rows.map(toView);
  }
}

function toView(row: {
  entry_id: TimeEntryId;
  kind: 'corrected' | 'removed';
  reason: string;
  by_label: string;
  at: Temporal.Instant;
  before: KeptEntry;
  after: KeptEntry | null;
}): TimeChangeView {
  return {
    entryId: row.entry_id,
    kind: row.kind,
    reason: row.reason,
    by: row.by_label,
    at: row.at.toString(),
    before: row.before,
    after: row.after,
  };
}
