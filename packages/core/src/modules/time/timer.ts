import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ForbiddenError, NotFoundError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { WORK_TYPES } from '#modules/agreements';
import type { StaffId, StaffIdentity, TicketForWork } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { LogTime } from './log-time.ts';
import { LONGEST_TIMER_MINUTES, minutesBetween } from './time-entry.ts';
import type { TimeEntryId, TimeTables } from './time-table.ts';

export const startTimerInput = z.object({
  ticketId: idSchema('ticket'),
  workType: z.enum(WORK_TYPES).default('remote'),
});
export const stopTimerInput = z.object({
  note: text({ min: 0, max: 2000 }).default(''),
  visibility: z.enum(['public', 'internal']).default('internal'),
  /** Minutes to leave out: the time that one was away from the machine. */
  idleMinutes: z.int().min(0).max(LONGEST_TIMER_MINUTES).default(0),
  /** True throws the time away. */
  isDiscarded: z.boolean().default(false),
});
export const timerView = z.object({
  ticketId: idSchema('ticket'),
  ticketNumber: z.int(),
  ticketSubject: z.string(),
  workType: z.enum(WORK_TYPES),
  startedAt: z.iso.datetime(),
  /** True once it runs longer than a working day: it was forgotten. */
  isForgotten: z.boolean(),
});
export type TimerView = z.input<typeof timerView>;
export const currentTimerView = z.object({ timer: timerView.nullable() });
export const stoppedTimerView = z.object({ entryId: idSchema('time-entry').nullable(), workedMinutes: z.int() });

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketForWork;
  readonly staff: StaffIdentity;
  readonly log: LogTime;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** The timer of a member of staff: at most one runs, on the server, so that it survives a reload and shows on every screen. */
export class Timer {
  readonly #db: ScopedDb<TimeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TimeTables>();
    this.#deps = deps;
  }

  /** Starts on a ticket; what ran on another is stopped and logged. Running on this one already, it goes on. Throws `tickets.ticket-not-found`, `time.not-staff`. */
  async start(
    scope: TenantScope,
    input: z.output<typeof startTimerInput>,
  ): Promise<z.input<typeof stoppedTimerView> & { startedAt: string }> {
    const staffId = await this.#staffOf(scope);
    return this.#db.transaction(scope, async (tx) => {
      await lockTimer(tx, staffId);
      const ticket = await this.#deps.tickets.read(tx, input.ticketId);
      const running = await runningTimer(tx, staffId);
      if (running?.ticket_id === ticket.id)
        return { entryId: null, workedMinutes: 0, startedAt: running.started_at.toString() };
      const stopped = await this.#stop(tx, staffId, stopTimerInput.parse({}));
      const startedAt = this.#deps.clock.now();
      await tx.query
        .insertInto('time_timer')
        .values({
          msp_id: scope.mspId,
          staff_id: staffId,
          client_id: ticket.client_id,
          ticket_id: ticket.id,
          work_type: input.workType,
          started_at: startedAt,
        })
        .execute();
      await this.#deps.tickets.touch(tx, ticket.id);
      this.#deps.live.touch(tx, { clientId: ticket.client_id, topic: 'timer', id: staffId, version: 0 });
      return {
        entryId: stopped?.entryId ?? null,
        workedMinutes: stopped?.workedMinutes ?? 0,
        startedAt: startedAt.toString(),
      };
    });
  }

  /** Stops and logs. Throws `time.no-timer`, `time.not-staff`. */
  async stop(scope: TenantScope, input: z.output<typeof stopTimerInput>): Promise<z.input<typeof stoppedTimerView>> {
    const staffId = await this.#staffOf(scope);
    return this.#db.transaction(scope, async (tx) => {
      await lockTimer(tx, staffId);
      const stopped = await this.#stop(tx, staffId, input);
      if (stopped === null) throw new NotFoundError('time.no-timer', 'No timer runs.');
      return stopped;
    });
  }

  /** The running timer, or null. */
  async current(scope: TenantScope): Promise<TimerView | null> {
    const staffId = await this.#deps.staff.of(scope);
    if (staffId === null) return null;
    return this.#db.transaction(scope, async (tx) => {
      const running = await runningTimer(tx, staffId);
      if (running === undefined) return null;
      const ticket = await this.#deps.tickets.read(tx, running.ticket_id);
      return {
        ticketId: ticket.id,
        ticketNumber: ticket.number,
        ticketSubject: ticket.subject,
        workType: running.work_type,
        startedAt: running.started_at.toString(),
        isForgotten: minutesBetween(running.started_at, this.#deps.clock.now()) > LONGEST_TIMER_MINUTES,
      };
    });
  }

  async #stop(
    tx: ScopedTransaction<TimeTables>,
    staffId: StaffId,
    input: z.output<typeof stopTimerInput>,
  ): Promise<{ entryId: TimeEntryId | null; workedMinutes: number } | null> {
    const running = await runningTimer(tx, staffId);
    if (running === undefined) return null;
    await tx.query.deleteFrom('time_timer').where('staff_id', '=', staffId).execute();
    this.#deps.live.touch(tx, { clientId: running.client_id, topic: 'timer', id: staffId, version: 0 });
    const ran = minutesBetween(running.started_at, this.#deps.clock.now());
    const minutes = Math.min(ran, LONGEST_TIMER_MINUTES) - input.idleMinutes;
    if (input.isDiscarded || minutes < 1) return { entryId: null, workedMinutes: 0 };
    const reasons = [
      'by timer',
      ...(input.idleMinutes === 0 ? [] : [`${input.idleMinutes} min idle left out`]),
      ...(ran > LONGEST_TIMER_MINUTES ? [`ran ${ran} min, cut to ${LONGEST_TIMER_MINUTES}`] : []),
    ];
    const { entryId } = await this.#deps.log.run(
      tx.scope,
      {
        ticketId: running.ticket_id,
        workType: running.work_type,
        startedAt: running.started_at,
        minutes,
        note: input.note,
        visibility: input.visibility,
      },
      tx,
      reasons.join(', '),
    );
    return { entryId, workedMinutes: minutes };
  }

  async #staffOf(scope: TenantScope): Promise<StaffId> {
    const staffId = await this.#deps.staff.of(scope);
    if (staffId === null)
      throw new ForbiddenError('time.not-staff', 'Only a member of staff has a timer; a key or a job has none.');
    return staffId;
  }
}

/** Two tabs that start at once must wait for each other, also where no timer runs yet that could be locked. */
async function lockTimer(tx: ScopedTransaction<TimeTables>, staffId: StaffId): Promise<void> {
  await tx.sql('select pg_advisory_xact_lock(hashtextextended($1, 11))', [`timer:${tx.scope.mspId}:${staffId}`]);
}

async function runningTimer(tx: ScopedTransaction<TimeTables>, staffId: StaffId) {
  return tx.query.selectFrom('time_timer').selectAll().where('staff_id', '=', staffId).executeTakeFirst();
}
