import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId, type ClientId, type MspId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { WORK_TYPES } from '#modules/agreements';
import type { StaffId, StaffIdentity, TicketForWork, TicketId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { LogTime } from './log-time.ts';
import { LONGEST_TIMER_MINUTES, millisecondsOf, timedWork, type TimedSpan } from './timed-work.ts';
import type { TimeTables } from './time-table.ts';
import { minutesSchema } from './log-time.ts';
import { overlapView } from './overlaps.ts';
import { workOn, type WorkOn, type WorkPlace, type WorkPlaces } from './work-place.ts';

export const startTimerInput = z.object({
  /** A ticket or a client, one of the two: work for a client need not be on a ticket. */
  ticketId: idSchema('ticket').optional(),
  clientId: clientIdSchema.optional(),
  /** Left out, a paused timer keeps its own. */
  workType: z.enum(WORK_TYPES).optional(),
});
export const stopTimerInput = z.object({
  /** Left out both, the one that runs; a client's is the one that is on no ticket. */
  ticketId: idSchema('ticket').optional(),
  clientId: clientIdSchema.optional(),
  workType: z.enum(WORK_TYPES).optional(),
  note: text({ min: 0, max: 2000 }).default(''),
  visibility: z.enum(['public', 'internal']).default('internal'),
  /** In place of what the timer says. */
  minutes: minutesSchema.optional(),
  /** Minutes to leave out: the time that one was away from the machine. */
  idleMinutes: z.int().min(0).max(LONGEST_TIMER_MINUTES).default(0),
  /** True throws the time away. */
  isDiscarded: z.boolean().default(false),
});
export const timerView = z.object({
  clientId: clientIdSchema,
  clientName: z.string(),
  /** Null for a timer for the client that is on no ticket. */
  ticketId: idSchema('ticket').nullable(),
  ticketNumber: z.int().nullable(),
  ticketSubject: z.string(),
  workType: z.enum(WORK_TYPES),
  /** When it began to run, this time; null while it is paused. */
  startedAt: z.iso.datetime().nullable(),
  /** What was measured before that. */
  secondsBefore: z.int(),
  /** True once it measured more than a working day: it was forgotten. */
  isForgotten: z.boolean(),
});
export type TimerView = z.input<typeof timerView>;
export const currentTimerView = z.object({ timer: timerView.nullable() });
export const timerListView = z.object({ items: z.array(timerView) });
export const stoppedTimerView = z.object({
  entryId: idSchema('time-entry').nullable(),
  workedMinutes: z.int(),
  billableMinutes: z.int(),
  overlaps: z.array(overlapView),
});

/** More than anybody keeps in mind; the list is read whole. */
const MOST_TIMERS = 20;

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketForWork;
  readonly places: WorkPlaces;
  readonly staff: StaffIdentity;
  readonly log: LogTime;
  readonly live: LiveHub;
  readonly clock: Clock;
}

interface ClientNames {
  client: { msp_id: MspId; id: ClientId; name: string };
}

type Tx = ScopedTransaction<TimeTables>;

/** The timers of a member of staff, one a ticket, and one a client for what is on none: at most one runs, the others are paused. They are on the server, so that they survive a reload and show on every screen. */
export class Timer {
  readonly #db: ScopedDb<TimeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TimeTables>();
    this.#deps = deps;
  }

  /**
   * Starts on a ticket or for a client, or goes on with the paused timer of it; what ran on another is paused. Running on this one already, it goes on. Throws
   * what `WorkPlaces` throws, `time.no-work-named`, `time.not-staff`, `time.too-many-timers`.
   */
  async start(scope: TenantScope, input: z.output<typeof startTimerInput>): Promise<{ startedAt: string }> {
    const staffId = await this.#staffOf(scope);
    return this.#db.transaction(scope, async (tx) => {
      await lockTimers(tx, staffId);
      const place = await this.#deps.places.read(tx, workNamed(input));
      const timers = await timersOf(tx, staffId);
      const here = timers.find((timer) => isOn(timer, place));
      if (here !== undefined && here.started_at !== null) return { startedAt: here.started_at.toString() };
      if (here === undefined && timers.length >= MOST_TIMERS)
        throw new ConflictError('time.too-many-timers', `You have ${MOST_TIMERS} timers. Stop one of them first.`);
      await this.#pauseRunning(tx, staffId);
      const startedAt = this.#deps.clock.now();
      const workType = input.workType ?? here?.work_type ?? 'remote';
      await tx.query
        .insertInto('time_timer')
        .values({
          msp_id: scope.mspId,
          id: newId<'time-timer'>(),
          staff_id: staffId,
          client_id: place.clientId,
          ticket_id: place.ticketId,
          work_type: workType,
          started_at: startedAt,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['msp_id', 'staff_id', 'client_id', 'ticket_id'])
            .doUpdateSet({ started_at: startedAt, work_type: workType }),
        )
        .execute();
      if (place.ticketId !== null) await this.#deps.tickets.touch(tx, place.ticketId);
      this.#deps.live.touch(tx, { clientId: place.clientId, topic: 'timer', id: staffId, version: 0 });
      return { startedAt: startedAt.toString() };
    });
  }

  /** Pauses what runs. Throws `time.no-timer`, `time.not-staff`. */
  async pause(scope: TenantScope): Promise<{ paused: true }> {
    const staffId = await this.#staffOf(scope);
    return this.#db.transaction(scope, async (tx) => {
      await lockTimers(tx, staffId);
      if (!(await this.#pauseRunning(tx, staffId))) throw noTimer();
      return { paused: true };
    });
  }

  /** Stops a timer and logs what it measured. Throws `time.no-timer`, `time.not-staff`, and what `LogTime` throws. */
  async stop(scope: TenantScope, input: z.output<typeof stopTimerInput>): Promise<z.input<typeof stoppedTimerView>> {
    const staffId = await this.#staffOf(scope);
    return this.#db.transaction(scope, async (tx) => {
      await lockTimers(tx, staffId);
      const timers = await timersOf(tx, staffId);
      const isNamed = input.ticketId !== undefined || input.clientId !== undefined;
      const timer = timers.find((one) =>
        isNamed
          ? one.ticket_id === (input.ticketId ?? null) && one.client_id === (input.clientId ?? one.client_id)
          : one.started_at !== null,
      );
      if (timer === undefined) throw noTimer();
      await tx.query.deleteFrom('time_timer').where('id', '=', timer.id).execute();
      this.#deps.live.touch(tx, { clientId: timer.client_id, topic: 'timer', id: staffId, version: 0 });
      const work = timedWork(spansUntil(timer, this.#deps.clock.now()), input);
      if (input.isDiscarded || work === null)
        return { entryId: null, workedMinutes: 0, billableMinutes: 0, overlaps: [] };
      return this.#deps.log.run(
        tx.scope,
        {
          ...workOn(timer),
          workType: input.workType ?? timer.work_type,
          startedAt: work.startedAt,
          minutes: work.minutes,
          note: input.note,
          visibility: input.visibility,
        },
        tx,
        work,
      );
    });
  }

  /** The running timer, or null. */
  async current(scope: TenantScope): Promise<TimerView | null> {
    return (await this.list(scope)).find(({ startedAt }) => startedAt !== null) ?? null;
  }

  /** One's own timers: the running one first, then those that are paused, the last one paused first. */
  async list(scope: TenantScope): Promise<TimerView[]> {
    const staffId = await this.#deps.staff.of(scope);
    if (staffId === null) return [];
    const now = this.#deps.clock.now();
    const rows = await this.#db
      .typed<TimeTables & Pick<TicketTables, 'ticket'> & ClientNames>()
      .read(scope, (query) =>
        query
          .selectFrom('time_timer')
          .innerJoin('client', 'client.id', 'time_timer.client_id')
          .leftJoin('ticket', 'ticket.id', 'time_timer.ticket_id')
          .select(['ticket.number', 'ticket.subject', 'client.name as client_name'])
          .select(['time_timer.client_id', 'time_timer.ticket_id', 'work_type', 'started_at', 'spans'])
          .where('staff_id', '=', staffId)
          .limit(MOST_TIMERS),
      );
    return rows
      .toSorted((a, b) => lastMoment(b) - lastMoment(a))
      .map((row) => ({
        clientId: row.client_id,
        clientName: row.client_name,
        ticketId: row.ticket_id,
        ticketNumber: row.number,
        ticketSubject: row.subject ?? '',
        workType: row.work_type,
        startedAt: row.started_at?.toString() ?? null,
        secondsBefore: Math.floor(millisecondsOf(spansUntil({ ...row, started_at: null }, now)) / 1000),
        isForgotten: millisecondsOf(spansUntil(row, now)) > LONGEST_TIMER_MINUTES * 60_000,
      }));
  }

  /** False where none runs. */
  async #pauseRunning(tx: Tx, staffId: StaffId): Promise<boolean> {
    const running = (await timersOf(tx, staffId)).find(({ started_at }) => started_at !== null);
    if (running === undefined) return false;
    const spans = spansUntil(running, this.#deps.clock.now());
    await tx.query
      .updateTable('time_timer')
      .set({ started_at: null, spans: JSON.stringify(spans) })
      .where('id', '=', running.id)
      .execute();
    this.#deps.live.touch(tx, { clientId: running.client_id, topic: 'timer', id: staffId, version: 0 });
    return true;
  }

  async #staffOf(scope: TenantScope): Promise<StaffId> {
    const staffId = await this.#deps.staff.of(scope);
    if (staffId === null)
      throw new ForbiddenError('time.not-staff', 'Only a member of staff has a timer; a key or a job has none.');
    return staffId;
  }
}

function workNamed({ ticketId, clientId }: z.output<typeof startTimerInput>): WorkOn {
  if (ticketId !== undefined && clientId === undefined) return { ticketId };
  if (clientId !== undefined && ticketId === undefined) return { clientId };
  throw new InvalidInputError('time.no-work-named', 'A timer is for a ticket, or for a client without one.', {
    fields: [{ path: ['ticketId'], message: 'must be given, or a client in its place' }],
  });
}

function isOn(timer: { ticket_id: TicketId | null; client_id: ClientId }, place: WorkPlace): boolean {
  return timer.ticket_id === place.ticketId && (place.ticketId !== null || timer.client_id === place.clientId);
}

/** Two tabs that start at once must wait for each other, also where no timer runs yet that could be locked. */
async function lockTimers(tx: Tx, staffId: StaffId): Promise<void> {
  await tx.sql('select pg_advisory_xact_lock(hashtextextended($1, 11))', [`timer:${tx.scope.mspId}:${staffId}`]);
}

async function timersOf(tx: Tx, staffId: StaffId) {
  return tx.query.selectFrom('time_timer').selectAll().where('staff_id', '=', staffId).limit(MOST_TIMERS).execute();
}

interface Spanned {
  readonly started_at: Temporal.Instant | null;
  readonly spans: readonly TimedSpan[];
}

function spansUntil({ started_at, spans }: Spanned, now: Temporal.Instant): readonly TimedSpan[] {
  if (started_at === null) return spans;
  // Of a clock that was set back nothing was measured; a stretch of no length cannot be rated.
  const to = Temporal.Instant.compare(now, started_at) > 0 ? now : started_at.add({ seconds: 1 });
  return [...spans, { from: started_at.toString(), to: to.toString() }];
}

function lastMoment({ started_at, spans }: Spanned): number {
  if (started_at !== null) return Number.POSITIVE_INFINITY;
  const last = spans.at(-1);
  return last === undefined ? 0 : Temporal.Instant.from(last.to).epochMilliseconds;
}

function noTimer(): NotFoundError {
  return new NotFoundError('time.no-timer', 'No timer runs.');
}
