import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { instantSchema, text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { WORK_TYPES, type AgreementHolding } from '#modules/agreements';
import type { AuditTrail } from '#modules/audit';
import type { TicketForWork } from '#modules/tickets';
import type { Clock } from '#kernel/clock';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import { billableSchema, minutesSchema } from './log-time.ts';
import { rateTime } from './rate-time.ts';
import { workedMinutes } from './time-entry.ts';
import type { TimeStore } from './time-store.ts';
import type { TimeTables } from './time-table.ts';

export const changeTimeInput = z.object({
  entryId: idSchema('time-entry'),
  version: z.int(),
  workType: z.enum(WORK_TYPES).optional(),
  startedAt: instantSchema.optional(),
  minutes: minutesSchema.optional(),
  note: text({ min: 0, max: 2000 }).optional(),
  visibility: z.enum(['public', 'internal']).optional(),
  /** Null takes a person's word back: the agreement says again how much is billable. */
  billable: z
    .object({ minutes: billableSchema, reason: text({ max: 200 }) })
    .nullable()
    .optional(),
});
export const removeTimeInput = z.object({ entryId: idSchema('time-entry'), version: z.int() });

interface Deps {
  readonly db: ScopedDb;
  readonly store: TimeStore;
  readonly tickets: TicketForWork;
  readonly agreements: AgreementHolding;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Corrects and removes logged time, as long as it is on no invoice. */
export class ChangeTime {
  readonly #db: ScopedDb<TimeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TimeTables>();
    this.#deps = deps;
  }

  /** Throws `time.entry-not-found`, `time.entry-changed` on a stale version, `time.invoiced`, and what `LogTime` throws of durations. */
  async run(scope: TenantScope, input: z.output<typeof changeTimeInput>): Promise<{ version: number }> {
    const { store, tickets, agreements, audit, live, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const before = await store.forChange(tx, input.entryId);
      const ticket = await tickets.read(tx, before.ticket_id);
      const startedAt = input.startedAt ?? before.started_at;
      const minutes = workedMinutes({ startedAt, minutes: input.minutes ?? before.worked_minutes }, clock.now());
      const workType = input.workType ?? before.work_type;
      const rating = await rateTime(tx, agreements, {
        clientId: before.client_id,
        siteId: ticket.site_id,
        workType,
        startedAt,
        minutes,
      });
      const kept =
        before.is_billable_set && input.billable === undefined
          ? { billable_minutes: before.billable_minutes, billable_reason: before.billable_reason }
          : {};
      const set =
        input.billable === null || input.billable === undefined
          ? { is_billable_set: input.billable === undefined && before.is_billable_set }
          : {
              billable_minutes: input.billable.minutes,
              billable_reason: `set by ${scope.actor.label}: ${input.billable.reason}`,
              is_billable_set: true,
            };
      await store.update(tx, before, input.version, {
        work_type: workType,
        started_at: startedAt,
        ended_at: startedAt.add({ minutes }),
        worked_minutes: minutes,
        worked_reason: minutes === before.worked_minutes ? before.worked_reason : `corrected by ${scope.actor.label}`,
        note: input.note ?? before.note,
        visibility: input.visibility ?? before.visibility,
        ...rating,
        ...kept,
        ...set,
      });
      await audit.record(tx, {
        action: 'time.change-entry',
        subject: { kind: 'time-entry', id: before.id, clientId: before.client_id },
        summary: `Corrected time on the ticket T-${ticket.number}`,
        before: { minutes: before.worked_minutes, billableMinutes: before.billable_minutes },
        after: { minutes },
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

  /** Throws `time.entry-not-found`, `time.entry-changed` on a stale version, `time.invoiced`. */
  async remove(scope: TenantScope, input: z.output<typeof removeTimeInput>): Promise<{ removed: true }> {
    const { store, audit, live } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const before = await store.forChange(tx, input.entryId);
      await store.remove(tx, before, input.version);
      await audit.record(tx, {
        action: 'time.remove-entry',
        subject: { kind: 'time-entry', id: before.id, clientId: before.client_id },
        summary: `Removed ${before.worked_minutes} min of ${before.staff_label}`,
        before: { minutes: before.worked_minutes, note: before.note, startedAt: before.started_at.toString() },
      });
      live.touch(tx, { clientId: before.client_id, topic: 'time-entry', id: before.id, version: before.version + 1 });
      return { removed: true };
    });
  }
}
