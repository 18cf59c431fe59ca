import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ForbiddenError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId } from '#kernel/id';
import { instantSchema, text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { WORK_TYPES } from '#modules/agreements';
import type { AuditTrail } from '#modules/audit';
import type { StaffId, StaffIdentity, TicketForWork } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { overlapsOf, type OverlapView } from './overlaps.ts';
import { rateTime, withBillable, type RatingRules } from './rate-time.ts';
import type { WorkSpan } from './rate-work.ts';
import { workedMinutes } from './time-entry.ts';
import type { TimeStore } from './time-store.ts';
import type { TimeEntryId, TimeTables } from './time-table.ts';
import { assertWeekOpen } from './week-lock.ts';
import type { WorkOn, WorkPlace, WorkPlaces } from './work-place.ts';

export const minutesSchema = z
  .int()
  .min(1, { error: 'must be at least a minute' })
  .max(1440, { error: 'must be at most 24 hours' });
export const billableSchema = z.int().min(0).max(1440);

const work = {
  workType: z.enum(WORK_TYPES).default('remote'),
  /** Left out, the work ended now. */
  startedAt: instantSchema.optional(),
  endedAt: instantSchema.optional(),
  minutes: minutesSchema.optional(),
  note: text({ min: 0, max: 2000 }).default(''),
  visibility: z.enum(['public', 'internal']).default('internal'),
  /** How far a journey was. */
  distanceMeters: z.int().min(0).max(5_000_000).optional(),
  /** In place of what the agreement gives; needs a reason. */
  billable: z.object({ minutes: billableSchema, reason: text({ max: 200 }) }).optional(),
};
export const logTimeInput = z.object({ ticketId: idSchema('ticket'), ...work });
/** Work that is on no ticket: for a client, or for the MSP itself, which is a client too. */
export const logClientTimeInput = z.object({ clientId: clientIdSchema, ...work });
export type LogTimeInput = z.output<typeof logTimeInput>;
type LogInput = Omit<LogTimeInput, 'ticketId'> & WorkOn;

interface Deps extends RatingRules {
  readonly db: ScopedDb;
  readonly store: TimeStore;
  readonly tickets: TicketForWork;
  readonly places: WorkPlaces;
  readonly staff: StaffIdentity;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** How time came about that was not entered by hand: the reason that is kept beside the worked minutes, and the stretches in which it was worked. */
export interface MeasuredWork {
  readonly reason: string;
  readonly spans: readonly WorkSpan[];
}

/** Logs worked time on a ticket, or for a client without one, rated by the agreement that holds. */
export class LogTime {
  readonly #db: ScopedDb<TimeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TimeTables>();
    this.#deps = deps;
  }

  /**
   * Answers with other work of the same time: it is warned of, not refused. Throws what `WorkPlaces` throws, `time.not-staff`, `time.no-duration`,
   * `time.ends-before-start`, `time.too-long`, `time.in-the-future`, `time.week-handed-in`.
   */
  async run(
    scope: TenantScope,
    input: LogInput,
    within?: AnyTransaction,
    measured?: MeasuredWork,
  ): Promise<{ entryId: TimeEntryId; workedMinutes: number; billableMinutes: number; overlaps: OverlapView[] }> {
    const { store, places, tickets, clock } = this.#deps;
    const staffId = await this.#staffOf(scope);
    return this.#db.transaction(
      scope,
      async (tx) => {
        const place = await places.read(tx, input);
        const now = clock.now();
        const { spans, minutes } = workOf(input, now, measured?.spans);
        const { from: startedAt, to: endedAt } = rangeOf(spans);
        await assertWeekOpen(tx, staffId, startedAt);
        const rating = withBillable(
          await rateTime(tx, this.#deps, place, { workType: input.workType, spans, minutes }),
          saidBy(scope.actor.label, input.billable),
        );
        const overlaps = await overlapsOf(tx, staffId, spans);
        const id = newId<'time-entry'>();
        await store.insert(tx, {
          msp_id: scope.mspId,
          id,
          client_id: place.clientId,
          ticket_id: place.ticketId,
          staff_id: staffId,
          staff_label: scope.actor.label,
          work_type: input.workType,
          started_at: startedAt,
          ended_at: endedAt,
          worked_minutes: minutes,
          worked_reason: measured?.reason ?? (input.minutes === undefined ? 'from start to end' : 'as entered'),
          note: input.note,
          visibility: input.visibility,
          distance_meters: input.distanceMeters ?? null,
          ...rating,
          is_billable_set: input.billable !== undefined,
          reverses_entry_id: null,
          invoiced_minutes: null,
          invoiced_reason: null,
          invoice_id: null,
          created_at: now,
        });
        if (place.ticketId !== null) await tickets.touch(tx, place.ticketId);
        await this.#announce(tx, { id, place, minutes, billableMinutes: rating.billable_minutes }, input);
        return { entryId: id, workedMinutes: minutes, billableMinutes: rating.billable_minutes, overlaps };
      },
      within,
    );
  }

  async #announce(
    tx: AnyTransaction,
    entry: {
      id: TimeEntryId;
      place: WorkPlace;
      minutes: number;
      billableMinutes: number;
    },
    input: LogInput,
  ): Promise<void> {
    const { id, place, minutes, billableMinutes } = entry;
    await this.#deps.audit.record(tx, {
      action: 'time.log-time',
      subject: { kind: 'time-entry', id, clientId: place.clientId },
      summary: `Logged ${minutes} min ${place.ticketId === null ? 'for' : 'on'} ${place.label}`,
      after: { minutes, billableMinutes, workType: input.workType },
    });
    this.#deps.live.touch(tx, { clientId: place.clientId, topic: 'time-entry', id, version: 1 });
  }

  async #staffOf(scope: TenantScope): Promise<StaffId> {
    const staffId = await this.#deps.staff.of(scope);
    if (staffId === null)
      throw new ForbiddenError('time.not-staff', 'Only a member of staff logs time; a key or a job is none.');
    return staffId;
  }
}

/** When the work was done, and how much: without a start, work of so many minutes has just ended; what was measured lies where it was measured. */
export function workOf(
  input: Pick<LogTimeInput, 'startedAt' | 'endedAt' | 'minutes'>,
  now: Temporal.Instant,
  measured?: readonly WorkSpan[],
): { spans: readonly WorkSpan[]; minutes: number } {
  const isJustEnded = input.endedAt === undefined && input.startedAt === undefined;
  const endedAt = isJustEnded && input.minutes !== undefined ? now : input.endedAt;
  const startedAt = input.startedAt ?? (endedAt ?? now).subtract({ minutes: input.minutes ?? 0 });
  const minutes = workedMinutes({ startedAt, endedAt, minutes: input.minutes }, now);
  return { spans: measured ?? [{ from: startedAt, to: startedAt.add({ minutes }) }], minutes };
}

/** From the first stretch's start to the last one's end. */
export function rangeOf(spans: readonly WorkSpan[]): WorkSpan {
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('Work has at least one span.');
  return { from: first.from, to: last.to };
}

/** A person's word on what is billable, with who said it; null without one. */
export function saidBy(
  label: string,
  billable: { readonly minutes: number; readonly reason: string } | null | undefined,
): { minutes: number; reason: string } | null {
  if (billable === null || billable === undefined) return null;
  return { minutes: billable.minutes, reason: `set by ${label}: ${billable.reason}` };
}
