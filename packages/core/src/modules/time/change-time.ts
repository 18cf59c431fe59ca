import { z } from 'zod';
import { ConflictError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { instantSchema, text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { WORK_TYPES } from '#modules/agreements';
import type { AuditTrail } from '#modules/audit';
import type { Clock } from '#kernel/clock';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import { billableSchema, minutesSchema, rangeOf, saidBy } from './log-time.ts';
import { rateTime, spansOf, withBillable, type RatingRules } from './rate-time.ts';
import { keptOf, type TimeChanges } from './time-changes.ts';
import { workedMinutes } from './time-entry.ts';
import type { TimeStore } from './time-store.ts';
import type { TimeTables } from './time-table.ts';
import { assertWeekOpen } from './week-lock.ts';
import { workOn, type WorkPlaces } from './work-place.ts';

export const changeTimeInput = z.object({
  entryId: idSchema('time-entry'),
  version: z.int(),
  /** Why; it stays in the entry's history. */
  reason: text({ max: 300 }),
  workType: z.enum(WORK_TYPES).optional(),
  startedAt: instantSchema.optional(),
  minutes: minutesSchema.optional(),
  note: text({ min: 0, max: 2000 }).optional(),
  visibility: z.enum(['public', 'internal']).optional(),
  distanceMeters: z.int().min(0).max(5_000_000).nullable().optional(),
  /** Null takes a person's word back: the agreement says again how much is billable. */
  billable: z
    .object({ minutes: billableSchema, reason: text({ max: 200 }) })
    .nullable()
    .optional(),
});
export const removeTimeInput = z.object({
  entryId: idSchema('time-entry'),
  version: z.int(),
  reason: text({ max: 300 }),
});

interface Deps extends RatingRules {
  readonly db: ScopedDb;
  readonly store: TimeStore;
  readonly places: WorkPlaces;
  readonly changes: TimeChanges;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Corrects and removes logged time, as long as it is on no invoice, and keeps why. */
export class ChangeTime {
  readonly #db: ScopedDb<TimeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TimeTables>();
    this.#deps = deps;
  }

  /** Throws `time.entry-not-found`, `time.entry-changed` on a stale version, `time.invoiced`, `time.is-reversal`, `time.week-handed-in`, and what `LogTime` throws of durations. */
  async run(scope: TenantScope, input: z.output<typeof changeTimeInput>): Promise<{ version: number }> {
    const { store, places, changes, audit, live, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const before = await store.forChange(tx, input.entryId);
      assertNoReversal(before);
      const place = await places.read(tx, workOn(before));
      const startedAt = input.startedAt ?? before.started_at;
      const minutes = workedMinutes({ startedAt, minutes: input.minutes ?? before.worked_minutes }, clock.now());
      const workType = input.workType ?? before.work_type;
      const isMoved = minutes !== before.worked_minutes || !startedAt.equals(before.started_at);
      if (isMoved) {
        await assertWeekOpen(tx, before.staff_id, before.started_at);
        await assertWeekOpen(tx, before.staff_id, startedAt);
      }
      // What was measured stays where it was measured, as long as nobody says otherwise.
      const spans = isMoved ? [{ from: startedAt, to: startedAt.add({ minutes }) }] : spansOf(before);
      const said =
        input.billable === undefined && before.is_billable_set
          ? { minutes: before.billable_minutes, reason: before.billable_reason }
          : saidBy(scope.actor.label, input.billable);
      const rating = withBillable(await rateTime(tx, this.#deps, place, { workType, spans, minutes }), said);
      const note = input.note ?? before.note;
      await store.update(tx, before, input.version, {
        work_type: workType,
        started_at: startedAt,
        ended_at: rangeOf(spans).to,
        worked_minutes: minutes,
        worked_reason: isMoved ? `corrected by ${scope.actor.label}` : before.worked_reason,
        note,
        visibility: input.visibility ?? before.visibility,
        distance_meters: input.distanceMeters === undefined ? before.distance_meters : input.distanceMeters,
        ...rating,
        is_billable_set: said !== null,
      });
      const now = { ...before, ...rating, started_at: startedAt, worked_minutes: minutes, work_type: workType, note };
      await changes.add(tx, before, input.reason, keptOf(now));
      await audit.record(tx, {
        action: 'time.change-entry',
        subject: { kind: 'time-entry', id: before.id, clientId: before.client_id },
        summary: `Corrected time ${place.ticketId === null ? 'for' : 'on'} ${place.label}: ${input.reason}`,
        before: { minutes: before.worked_minutes, billableMinutes: before.billable_minutes },
        after: { minutes, reason: input.reason },
      });
      live.touch(tx, {
        clientId: before.client_id,
        topic: 'time-entry',
        id: before.id,
        version: input.version + 1,
      });
      return { version: input.version + 1 };
    });
  }

  /** A reversal too, until it is invoiced. Throws `time.entry-not-found`, `time.entry-changed` on a stale version, `time.invoiced`, `time.week-handed-in`. */
  async remove(scope: TenantScope, input: z.output<typeof removeTimeInput>): Promise<{ removed: true }> {
    const { store, changes, audit, live } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const before = await store.forChange(tx, input.entryId);
      if (before.reverses_entry_id === null) await assertWeekOpen(tx, before.staff_id, before.started_at);
      await store.remove(tx, before, input.version);
      await changes.add(tx, before, input.reason, null);
      await audit.record(tx, {
        action: 'time.remove-entry',
        subject: { kind: 'time-entry', id: before.id, clientId: before.client_id },
        summary: `Removed ${before.worked_minutes} min of ${before.staff_label}: ${input.reason}`,
        before: { minutes: before.worked_minutes, note: before.note, startedAt: before.started_at.toString() },
      });
      live.touch(tx, { clientId: before.client_id, topic: 'time-entry', id: before.id, version: before.version + 1 });
      return { removed: true };
    });
  }
}

function assertNoReversal(entry: { reverses_entry_id: string | null }): void {
  if (entry.reverses_entry_id !== null)
    throw new ConflictError(
      'time.is-reversal',
      'A reversal takes back exactly what was invoiced. Remove it, or log what is right as a new entry.',
    );
}
