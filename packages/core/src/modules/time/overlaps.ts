import { z } from 'zod';
import { idSchema } from '#kernel/id';
import type { StaffId, TicketTables } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { spansOf } from './rate-time.ts';
import type { WorkSpan } from './rate-work.ts';
import type { TimeEntryId, TimeTables } from './time-table.ts';

/** Other work of the same person at the same time. */
export const overlapView = z.object({
  entryId: idSchema('time-entry'),
  /** Null for work that is on no ticket. */
  ticketNumber: z.int().nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type OverlapView = z.input<typeof overlapView>;

/** The first stretch that two pieces of work have in common; null where they have none, and where one only ends as the other begins. */
export function firstOverlap(one: readonly WorkSpan[], other: readonly WorkSpan[]): WorkSpan | null {
  for (const a of one)
    for (const b of other) {
      const from = Temporal.Instant.compare(a.from, b.from) > 0 ? a.from : b.from;
      const to = Temporal.Instant.compare(a.to, b.to) < 0 ? a.to : b.to;
      if (Temporal.Instant.compare(from, to) < 0) return { from, to };
    }
  return null;
}

/** What else somebody logged for the same time, at most ten. What was reversed, and reversals, are none of it. */
export async function overlapsOf(
  tx: AnyTransaction,
  staffId: StaffId,
  spans: readonly WorkSpan[],
  except: TimeEntryId | null = null,
): Promise<OverlapView[]> {
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return [];
  const rows = await tx
    .typed<TimeTables & Pick<TicketTables, 'ticket'>>()
    .query.selectFrom('time_entry')
    .leftJoin('ticket', 'ticket.id', 'time_entry.ticket_id')
    .select(['time_entry.id', 'ticket.number', 'started_at', 'worked_minutes', 'parts'])
    .where('staff_id', '=', staffId)
    // The longest entry is a day, and a paused timer's may reach over a week.
    .where('started_at', '>', first.from.subtract({ hours: 24 * 8 }))
    .where('started_at', '<', last.to)
    .where('ended_at', '>', first.from)
    .where('reverses_entry_id', 'is', null)
    .where((entry) =>
      entry.not(
        entry.exists(
          entry
            .selectFrom('time_entry as back')
            .select('back.id')
            .whereRef('back.client_id', '=', 'time_entry.client_id')
            .whereRef('back.reverses_entry_id', '=', 'time_entry.id'),
        ),
      ),
    )
    .orderBy('started_at')
    .limit(100)
    .execute();
  return rows
    .flatMap((row) => {
      const common = row.id === except ? null : firstOverlap(spans, spansOf(row));
      return common === null
        ? []
        : [{ entryId: row.id, ticketNumber: row.number, from: common.from.toString(), to: common.to.toString() }];
    })
    .slice(0, 10);
}
