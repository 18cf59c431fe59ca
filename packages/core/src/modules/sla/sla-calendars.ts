import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import {
  calendarInput,
  type CalendarInput,
  type createCalendarInput,
  type updateCalendarInput,
} from './definition-input.ts';
import { nameTaken, refuseTakenName } from './sla-names.ts';
import type { RulesChanged } from './rules-changed.ts';
import type { SlaCalendarId, SlaCalendarVersionId, SlaTables } from './sla-table.ts';
import type { SlaPolicies } from './sla-policies.ts';

export const calendarView = calendarInput.extend({
  id: idSchema('sla-calendar'),
  name: z.string(),
  version: z.int(),
});
export type CalendarView = z.input<typeof calendarView>;

interface Deps {
  readonly db: ScopedDb;
  readonly policies: SlaPolicies;
  readonly audit: AuditTrail;
  readonly changed: RulesChanged;
  readonly clock: Clock;
}

/** The MSP's business calendars. A version, once made, stays as it is; policies are moved to the new one. */
export class SlaCalendars {
  readonly #db: ScopedDb<SlaTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SlaTables>();
    this.#deps = deps;
  }

  /** All calendars as they are now, by name. */
  async list(scope: TenantScope): Promise<CalendarView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('sla_calendar')
        .innerJoin('sla_calendar_version', 'sla_calendar_version.id', 'sla_calendar.version_id')
        .select(['sla_calendar.id', 'sla_calendar.name', 'sla_calendar.version', 'sla_calendar_version.definition'])
        .where('sla_calendar.retired_at', 'is', null)
        .orderBy('sla_calendar.name')
        .limit(500),
    );
    return rows.map(({ definition, ...row }) => ({ ...row, ...definition }));
  }

  /** Throws `sla.name-taken`. */
  async create(
    scope: TenantScope,
    input: z.output<typeof createCalendarInput>,
    within?: AnyTransaction,
  ): Promise<{ calendarId: SlaCalendarId }> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const id = newId<'sla-calendar'>();
        const versionId = newId<'sla-calendar-version'>();
        const made = await tx.query
          .insertInto('sla_calendar')
          .values({
            msp_id: scope.mspId,
            id,
            name: input.name,
            version_id: versionId,
            version: 1,
            created_at: this.#deps.clock.now(),
          })
          .onConflict((conflict) => conflict.columns(['msp_id', 'name']).where('retired_at', 'is', null).doNothing())
          .returning('id')
          .executeTakeFirst();
        if (made === undefined) throw nameTaken('calendar');
        await this.#addVersion(tx, id, versionId, 1, input);
        await this.#audit(tx, id, `Made the calendar ${input.name}`, input);
        return { calendarId: id };
      },
      within,
    );
  }

  /** Makes the next version, and one of each policy that counts by this calendar. Throws `sla.calendar-not-found`, `sla.calendar-changed`, `sla.name-taken`. */
  async update(
    scope: TenantScope,
    input: z.output<typeof updateCalendarInput>,
    within?: AnyTransaction,
  ): Promise<{ version: number }> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const before = await tx.query
          .selectFrom('sla_calendar')
          .selectAll()
          .where('id', '=', input.calendarId)
          .where('retired_at', 'is', null)
          .forUpdate()
          .executeTakeFirst();
        if (before === undefined) throw new NotFoundError('sla.calendar-not-found', 'There is no such calendar.');
        if (before.version !== input.version)
          throw new ConflictError(
            'sla.calendar-changed',
            'Somebody else changed this calendar meanwhile. Look at it again, then repeat your change.',
          );
        const versionId = newId<'sla-calendar-version'>();
        const version = before.version + 1;
        await this.#addVersion(tx, before.id, versionId, version, input);
        await tx.query
          .updateTable('sla_calendar')
          .set({ name: input.name, version_id: versionId, version })
          .where('id', '=', before.id)
          .execute()
          .catch(refuseTakenName('calendar'));
        await this.#deps.policies.moveToCalendar(tx, { from: before.version_id, to: versionId });
        await this.#audit(tx, before.id, `Changed the calendar ${input.name}`, input);
        await this.#deps.changed.announce(tx);
        return { version };
      },
      within,
    );
  }

  async #addVersion(
    tx: ScopedTransaction<SlaTables>,
    calendarId: SlaCalendarId,
    id: SlaCalendarVersionId,
    number: number,
    { zone, windows, holidays }: CalendarInput,
  ): Promise<void> {
    await tx.query
      .insertInto('sla_calendar_version')
      .values({
        msp_id: tx.scope.mspId,
        id,
        calendar_id: calendarId,
        number,
        definition: JSON.stringify({ zone, windows, holidays }),
        created_at: this.#deps.clock.now(),
      })
      .execute();
  }

  async #audit(tx: AnyTransaction, id: string, summary: string, after: object): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'sla.manage-calendar',
      subject: { kind: 'sla-calendar', id, clientId: null },
      summary,
      after,
    });
  }
}
