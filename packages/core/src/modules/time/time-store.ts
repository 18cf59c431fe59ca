import type { Insertable, Selectable } from 'kysely';
import { ConflictError, NotFoundError } from '#kernel/errors';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { RatedPart } from './rate-work.ts';
import type { TimeEntryId, TimeTables } from './time-table.ts';

export type TimeEntryRow = Selectable<TimeTables['time_entry']>;
type Tx = ScopedTransaction<TimeTables>;

/** The only writer of `time_entry` and `time_cost`. */
export class TimeStore {
  async insert(
    tx: Tx,
    entry: Omit<Insertable<TimeTables['time_entry']>, 'parts'> & { parts: readonly RatedPart[] },
  ): Promise<void> {
    await tx.query
      .insertInto('time_entry')
      .values({ ...entry, parts: JSON.stringify(entry.parts) })
      .execute();
  }

  /** The entry, locked for a change. Throws `time.entry-not-found`, also for another tenant's; `time.invoiced` for one that is on an invoice. */
  async forChange(tx: Tx, id: TimeEntryId): Promise<TimeEntryRow> {
    const row = await tx.query.selectFrom('time_entry').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) throw entryNotFound();
    if (row.invoice_id !== null)
      throw new ConflictError(
        'time.invoiced',
        'This time is on an invoice and stays as it was billed. Reverse it, and log what is right.',
      );
    return row;
  }

  /** Throws `time.entry-changed` on a stale version. */
  async update(
    tx: Tx,
    before: TimeEntryRow,
    version: number,
    change: Partial<Omit<TimeEntryRow, 'msp_id' | 'id' | 'client_id' | 'ticket_id' | 'version' | 'parts'>> & {
      readonly parts: readonly RatedPart[];
    },
  ): Promise<void> {
    assertVersion(before, version);
    await tx.query
      .updateTable('time_entry')
      .set({ ...change, parts: JSON.stringify(change.parts), version: version + 1 })
      .where('id', '=', before.id)
      .execute();
  }

  /** Throws `time.entry-changed` on a stale version. */
  async remove(tx: Tx, before: TimeEntryRow, version: number): Promise<void> {
    assertVersion(before, version);
    await tx.query.deleteFrom('time_entry').where('id', '=', before.id).execute();
  }

  /** What the time costs the MSP: in a table of its own, which who reads entries does not read. */
  async setCost(tx: Tx, cost: Insertable<TimeTables['time_cost']>): Promise<void> {
    await tx.query
      .insertInto('time_cost')
      .values(cost)
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'entry_id']).doUpdateSet({ cost_minor: cost.cost_minor, currency: cost.currency }),
      )
      .execute();
  }
}

export function entryNotFound(): NotFoundError {
  return new NotFoundError('time.entry-not-found', 'There is no such time entry.');
}

function assertVersion(before: TimeEntryRow, version: number): void {
  if (before.version !== version)
    throw new ConflictError(
      'time.entry-changed',
      'Somebody else changed this time entry meanwhile. Look at it again, then repeat your change.',
    );
}
