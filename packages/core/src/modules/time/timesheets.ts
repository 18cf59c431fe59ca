import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { dateSchema, text, timeZoneSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { MspQueries } from '#modules/tenancy';
import type { StaffId, StaffIdentity } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { SheetState, TimeSheetId, TimeTables } from './time-table.ts';
import { weekStartOf } from './week-lock.ts';

const version = z.int().min(0);
/** One's own week, by its Monday; the version is 0 for a week that was never handed in. */
export const ownWeekInput = z.object({ weekStart: dateSchema, version });
export const decideWeekInput = z.object({
  timesheetId: idSchema('time-sheet'),
  version,
  decision: z.enum(['approve', 'return', 'reopen']),
  /** Needed to return a week, and to open an approved one again. */
  note: text({ min: 0, max: 500 }).default(''),
});
export const workingDayInput = z.object({
  timeZone: timeZoneSchema,
  /** How long a working day is meant to be; 0 misses nothing. */
  dayMinutes: z.int().min(0).max(1440).default(480),
});
export const sheetStateView = z.object({
  timesheetId: idSchema('time-sheet'),
  state: z.enum(['open', 'submitted', 'approved', 'returned']),
  version: z.int(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly staff: StaffIdentity;
  readonly msp: MspQueries;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<TimeTables>;
type SheetStateView = z.input<typeof sheetStateView>;

const DECISIONS = {
  approve: { from: 'submitted', to: 'approved', did: 'Approved' },
  return: { from: 'submitted', to: 'returned', did: 'Returned' },
  reopen: { from: 'approved', to: 'returned', did: 'Opened again' },
} as const satisfies Record<string, { from: SheetState; to: SheetState; did: string }>;

/** Hands in weeks of work, and approves them: somebody else's, never one's own. What is handed in is locked. */
export class Timesheets {
  readonly #db: ScopedDb<TimeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TimeTables>();
    this.#deps = deps;
  }

  /** Throws `time.not-staff`, `time.not-a-week`, `time.timesheet-changed` on a stale version, `time.timesheet-state`. */
  async submit(scope: TenantScope, input: z.output<typeof ownWeekInput>): Promise<SheetStateView> {
    const staffId = await this.#staffOf(scope);
    return this.#db.transaction(scope, async (tx) => {
      const weekStart = Temporal.PlainDate.from(input.weekStart);
      const now = this.#deps.clock.now();
      const timeZone = await this.zoneOf(tx, staffId);
      const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
      if (!weekStartOf(weekStart).equals(weekStart) || Temporal.PlainDate.compare(weekStart, today) > 0)
        throw new InvalidInputError('time.not-a-week', 'A week is named by a Monday that has begun.', {
          fields: [{ path: ['weekStart'], message: 'must be a Monday, and not in the future' }],
        });
      const before = await this.#own(tx, staffId, weekStart);
      assertVersion(before?.version ?? 0, input.version);
      assertState(before?.state ?? 'open', ['open', 'returned'], 'handed in');
      const id = before?.id ?? newId<'time-sheet'>();
      const submitted = { state: 'submitted', submitted_at: now, decided_at: null, decided_by: '', note: '' } as const;
      await tx.query
        .insertInto('time_sheet')
        .values({
          msp_id: scope.mspId,
          id,
          staff_id: staffId,
          week_start: weekStart,
          time_zone: timeZone,
          ...submitted,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['msp_id', 'staff_id', 'week_start'])
            .doUpdateSet({ ...submitted, version: input.version + 1 }),
        )
        .execute();
      return this.#done(
        tx,
        { id, state: 'submitted', version: input.version + 1 },
        'submit',
        `Handed in the week of ${input.weekStart}`,
      );
    });
  }

  /** Takes a week back that nobody has approved yet. Throws `time.not-staff`, `time.timesheet-not-found`, `time.timesheet-changed`, `time.timesheet-state`. */
  async withdraw(scope: TenantScope, input: z.output<typeof ownWeekInput>): Promise<SheetStateView> {
    const staffId = await this.#staffOf(scope);
    return this.#db.transaction(scope, async (tx) => {
      const sheet = await this.#own(tx, staffId, Temporal.PlainDate.from(input.weekStart));
      if (sheet === undefined) throw sheetNotFound();
      assertVersion(sheet.version, input.version);
      assertState(sheet.state, ['submitted'], 'taken back');
      await this.#update(tx, sheet.id, { state: 'open', submitted_at: null, version: sheet.version + 1 });
      return this.#done(
        tx,
        { id: sheet.id, state: 'open', version: sheet.version + 1 },
        'withdraw',
        `Took back the week of ${input.weekStart}`,
      );
    });
  }

  /** Throws `time.timesheet-not-found`, `time.own-timesheet`, `time.timesheet-changed`, `time.timesheet-state`, `time.no-reason`. */
  async decide(scope: TenantScope, input: z.output<typeof decideWeekInput>): Promise<SheetStateView> {
    const decider = await this.#deps.staff.of(scope);
    return this.#db.transaction(scope, async (tx) => {
      const sheet = await tx.query
        .selectFrom('time_sheet')
        .selectAll()
        .where('id', '=', input.timesheetId)
        .forUpdate()
        .executeTakeFirst();
      if (sheet === undefined) throw sheetNotFound();
      if (sheet.staff_id === decider)
        throw new ForbiddenError('time.own-timesheet', 'Nobody decides on their own timesheet. Ask a colleague.');
      assertVersion(sheet.version, input.version);
      const { from, to, did } = DECISIONS[input.decision];
      assertState(sheet.state, [from], input.decision === 'reopen' ? 'opened again' : `${input.decision}ed`);
      if (input.decision !== 'approve' && input.note === '')
        throw new InvalidInputError('time.no-reason', 'Say why, so that it can be put right.', {
          fields: [{ path: ['note'], message: 'must say why' }],
        });
      const next = sheet.version + 1;
      await this.#update(tx, sheet.id, {
        state: to,
        decided_at: this.#deps.clock.now(),
        decided_by: scope.actor.label,
        note: input.note,
        version: next,
      });
      const reason = input.note === '' ? '' : `: ${input.note}`;
      return this.#done(
        tx,
        { id: sheet.id, state: to, version: next },
        input.decision,
        `${did} the week of ${sheet.week_start.toString()}${reason}`,
      );
    });
  }

  /** In which zone one's own days begin, and how long they are meant to be. Weeks that were handed in keep the zone in which they were. Throws `time.not-staff`. */
  async setWorkingDay(scope: TenantScope, input: z.output<typeof workingDayInput>): Promise<{ timeZone: string }> {
    const staffId = await this.#staffOf(scope);
    const day = { time_zone: input.timeZone, day_minutes: input.dayMinutes };
    return this.#db.transaction(scope, async (tx) => {
      await tx.query
        .insertInto('time_staff')
        .values({ msp_id: scope.mspId, staff_id: staffId, ...day })
        .onConflict((conflict) => conflict.columns(['msp_id', 'staff_id']).doUpdateSet(day))
        .execute();
      this.#deps.live.touch(tx, { clientId: null, topic: 'time-sheet', id: staffId, version: 0 });
      return { timeZone: input.timeZone };
    });
  }

  /** The zone in which somebody's days begin: their own, else the MSP's. */
  async zoneOf(tx: Tx, staffId: StaffId): Promise<string> {
    const own = await tx.query
      .selectFrom('time_staff')
      .select('time_zone')
      .where('staff_id', '=', staffId)
      .executeTakeFirst();
    return own?.time_zone ?? (await this.#deps.msp.get(tx.scope)).timeZone;
  }

  async #own(tx: Tx, staffId: StaffId, weekStart: Temporal.PlainDate) {
    return tx.query
      .selectFrom('time_sheet')
      .selectAll()
      .where('staff_id', '=', staffId)
      .where('week_start', '=', weekStart)
      .forUpdate()
      .executeTakeFirst();
  }

  async #update(
    tx: Tx,
    id: TimeSheetId,
    change: {
      state: SheetState;
      version: number;
      submitted_at?: null;
      decided_at?: Temporal.Instant;
      decided_by?: string;
      note?: string;
    },
  ): Promise<void> {
    await tx.query.updateTable('time_sheet').set(change).where('id', '=', id).execute();
  }

  async #done(
    tx: Tx,
    sheet: { id: TimeSheetId; state: SheetState; version: number },
    did: string,
    summary: string,
  ): Promise<SheetStateView> {
    await this.#deps.audit.record(tx, {
      action: `time.${did}-timesheet`,
      subject: { kind: 'time-sheet', id: sheet.id, clientId: null },
      summary,
    });
    this.#deps.live.touch(tx, { clientId: null, topic: 'time-sheet', id: sheet.id, version: sheet.version });
    return { timesheetId: sheet.id, state: sheet.state, version: sheet.version };
  }

  async #staffOf(scope: TenantScope): Promise<StaffId> {
    const staffId = await this.#deps.staff.of(scope);
    if (staffId === null) throw new ForbiddenError('time.not-staff', 'Only a member of staff has a timesheet.');
    return staffId;
  }
}

function sheetNotFound(): NotFoundError {
  return new NotFoundError('time.timesheet-not-found', 'There is no such timesheet.');
}

function assertVersion(actual: number, seen: number): void {
  if (actual !== seen)
    throw new ConflictError(
      'time.timesheet-changed',
      'Somebody else changed this timesheet meanwhile. Look at it again, then repeat your change.',
    );
}

function assertState(state: SheetState, allowed: readonly SheetState[], done: string): void {
  if (!allowed.includes(state))
    throw new ConflictError('time.timesheet-state', `A week that is ${state} cannot be ${done}.`);
}
