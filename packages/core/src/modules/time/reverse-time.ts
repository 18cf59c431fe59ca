import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import { entryNotFound, type TimeStore } from './time-store.ts';
import type { TimeEntryId, TimeTables } from './time-table.ts';

export const reverseTimeInput = z.object({ entryId: idSchema('time-entry'), reason: text({ max: 300 }) });

interface Deps {
  readonly db: ScopedDb;
  readonly store: TimeStore;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Takes back invoiced time by an entry of its negative, which the next invoice of the same contract line takes up. The entry itself stays as it was billed. */
export class ReverseTime {
  readonly #db: ScopedDb<TimeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TimeTables>();
    this.#deps = deps;
  }

  /**
   * The reversal lies at the moment at which it is made: the week and the billing period of the entry may be closed. Throws `time.entry-not-found`, `time.not-invoiced`,
   * `time.is-reversal`, `time.reversed-already`.
   */
  async run(scope: TenantScope, input: z.output<typeof reverseTimeInput>): Promise<{ entryId: TimeEntryId }> {
    const { store, audit, live, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const entry = await tx.query
        .selectFrom('time_entry')
        .selectAll()
        .where('id', '=', input.entryId)
        .forUpdate()
        .executeTakeFirst();
      if (entry === undefined) throw entryNotFound();
      if (entry.reverses_entry_id !== null)
        throw new ConflictError('time.is-reversal', 'A reversal is not reversed. Log what is right as a new entry.');
      if (entry.invoice_id === null)
        throw new ConflictError('time.not-invoiced', 'This time is on no invoice: correct or remove it.');
      const reversed = await tx.query
        .selectFrom('time_entry')
        .select('id')
        .where('client_id', '=', entry.client_id)
        .where('reverses_entry_id', '=', entry.id)
        .executeTakeFirst();
      if (reversed !== undefined) throw new ConflictError('time.reversed-already', 'This time is reversed already.');
      const now = clock.now();
      const id = newId<'time-entry'>();
      await store.insert(tx, {
        ...entry,
        id,
        started_at: now,
        ended_at: null,
        worked_minutes: -entry.worked_minutes,
        worked_reason: `reversal of ${entry.started_at.toString()}`,
        billable_minutes: -(entry.invoiced_minutes ?? 0) + 0,
        billable_reason: `takes back what was invoiced: ${input.reason}`,
        is_billable_set: true,
        parts: entry.parts.map((part) => ({
          ...part,
          workedMinutes: -part.workedMinutes + 0,
          billableMinutes: -part.billableMinutes + 0,
          reason: `takes back: ${part.reason}`,
        })),
        reverses_entry_id: entry.id,
        reversal_reason: input.reason,
        invoiced_minutes: null,
        invoiced_reason: null,
        invoice_id: null,
        version: 1,
        created_at: now,
      });
      await audit.record(tx, {
        action: 'time.reverse-entry',
        subject: { kind: 'time-entry', id: entry.id, clientId: entry.client_id },
        summary: `Reversed ${entry.invoiced_minutes ?? 0} invoiced min of ${entry.staff_label}: ${input.reason}`,
        after: { reversalId: id },
      });
      live.touch(tx, { clientId: entry.client_id, topic: 'time-entry', id, version: 1 });
      return { entryId: id };
    });
  }
}
