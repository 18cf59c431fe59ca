import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ForbiddenError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { instantSchema, text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { WORK_TYPES, type AgreementHolding } from '#modules/agreements';
import type { AuditTrail } from '#modules/audit';
import type { StaffIdentity, TicketForWork } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { rateTime } from './rate-time.ts';
import { workedMinutes } from './time-entry.ts';
import type { TimeStore } from './time-store.ts';
import type { TimeEntryId, TimeTables } from './time-table.ts';

export const minutesSchema = z
  .int()
  .min(1, { error: 'must be at least a minute' })
  .max(1440, { error: 'must be at most 24 hours' });
export const billableSchema = z.int().min(0).max(1440);

export const logTimeInput = z.object({
  ticketId: idSchema('ticket'),
  workType: z.enum(WORK_TYPES).default('remote'),
  /** Left out, the work ended now. */
  startedAt: instantSchema.optional(),
  endedAt: instantSchema.optional(),
  minutes: minutesSchema.optional(),
  note: text({ min: 0, max: 2000 }).default(''),
  visibility: z.enum(['public', 'internal']).default('internal'),
  /** In place of what the agreement gives; needs a reason. */
  billable: z.object({ minutes: billableSchema, reason: text({ max: 200 }) }).optional(),
});
export type LogTimeInput = z.output<typeof logTimeInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: TimeStore;
  readonly tickets: TicketForWork;
  readonly staff: StaffIdentity;
  readonly agreements: AgreementHolding;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Logs worked time on a ticket, rated by the agreement that holds. */
export class LogTime {
  readonly #db: ScopedDb<TimeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TimeTables>();
    this.#deps = deps;
  }

  /**
   * Throws `tickets.ticket-not-found`, `time.not-staff`, `time.no-duration`, `time.ends-before-start`, `time.too-long`, `time.in-the-future`. `how` is the reason
   * that is kept beside the worked minutes.
   */
  async run(
    scope: TenantScope,
    input: LogTimeInput,
    within?: AnyTransaction,
    how?: string,
  ): Promise<{ entryId: TimeEntryId; workedMinutes: number; billableMinutes: number }> {
    const { store, tickets, audit, live, clock } = this.#deps;
    const staffId = await this.#staffOf(scope);
    return this.#db.transaction(
      scope,
      async (tx) => {
        const ticket = await tickets.read(tx, input.ticketId);
        const now = clock.now();
        const { startedAt, endedAt, minutes } = spanOf(input, now);
        const rating = await rateTime(tx, this.#deps.agreements, {
          clientId: ticket.client_id,
          siteId: ticket.site_id,
          workType: input.workType,
          startedAt,
          minutes,
        });
        const id = newId<'time-entry'>();
        const entry = {
          msp_id: scope.mspId,
          id,
          client_id: ticket.client_id,
          ticket_id: ticket.id,
          staff_id: staffId,
          staff_label: scope.actor.label,
          work_type: input.workType,
          started_at: startedAt,
          ended_at: endedAt,
          worked_minutes: minutes,
          worked_reason: how ?? (input.minutes === undefined ? 'from start to end' : 'as entered'),
          note: input.note,
          visibility: input.visibility,
          ...rating,
          ...setBillable(input.billable, scope.actor.label),
          invoiced_minutes: null,
          invoiced_reason: null,
          invoice_id: null,
          created_at: now,
        };
        await store.insert(tx, entry);
        await tickets.touch(tx, ticket.id);
        await audit.record(tx, {
          action: 'time.log-time',
          subject: { kind: 'time-entry', id, clientId: ticket.client_id },
          summary: `Logged ${minutes} min on the ticket T-${ticket.number}`,
          after: { minutes, billableMinutes: entry.billable_minutes, workType: input.workType },
        });
        live.touch(tx, { clientId: ticket.client_id, topic: 'time-entry', id, version: 1 });
        return { entryId: id, workedMinutes: minutes, billableMinutes: entry.billable_minutes };
      },
      within,
    );
  }

  async #staffOf(scope: TenantScope) {
    const staffId = await this.#deps.staff.of(scope);
    if (staffId === null)
      throw new ForbiddenError('time.not-staff', 'Only a member of staff logs time; a key or a job is none.');
    return staffId;
  }
}

/** From when to when: without a start, work of so many minutes has just ended. */
function spanOf(
  input: LogTimeInput,
  now: Temporal.Instant,
): { startedAt: Temporal.Instant; endedAt: Temporal.Instant; minutes: number } {
  const isJustEnded = input.endedAt === undefined && input.startedAt === undefined;
  const endedAt = isJustEnded && input.minutes !== undefined ? now : input.endedAt;
  const startedAt = input.startedAt ?? (endedAt ?? now).subtract({ minutes: input.minutes ?? 0 });
  const minutes = workedMinutes({ startedAt, endedAt, minutes: input.minutes }, now);
  return { startedAt, endedAt: endedAt ?? startedAt.add({ minutes }), minutes };
}

/** What a person's word changes of the rating; nothing without one. */
export function setBillable(
  billable: { minutes: number; reason: string } | null | undefined,
  by: string,
): { billable_minutes?: number; billable_reason?: string; is_billable_set?: boolean } {
  if (billable === null || billable === undefined) return {};
  return {
    billable_minutes: billable.minutes,
    billable_reason: `set by ${by}: ${billable.reason}`,
    is_billable_set: true,
  };
}
