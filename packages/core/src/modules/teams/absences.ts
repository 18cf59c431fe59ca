import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { instantSchema, text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import { assertStaff } from './assert-staff.ts';
import type { TeamAbsenceId, TeamTables } from './team-table.ts';

export const addAbsenceInput = z.object({
  staffId: idSchema('staff'),
  startsAt: instantSchema,
  /** Null is until further notice. */
  endsAt: instantSchema.nullable().default(null),
  note: text({ min: 0, max: 200 }).default(''),
});
export const endAbsenceInput = z.object({ absenceId: idSchema('team-absence') });

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** When staff are away: no ticket is given to them then, unless a person does it. */
export class Absences {
  readonly #db: ScopedDb<TeamTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TeamTables>();
    this.#deps = deps;
  }

  /** Throws `scope.needs-all-clients`, `teams.staff-not-found`, `teams.absence-ends-early`. */
  async add(scope: TenantScope, input: z.output<typeof addAbsenceInput>): Promise<{ absenceId: TeamAbsenceId }> {
    requireWholeMsp(scope);
    if (input.endsAt !== null && Temporal.Instant.compare(input.endsAt, input.startsAt) <= 0)
      throw new InvalidInputError('teams.absence-ends-early', 'An absence ends after it begins.', {
        fields: [{ path: ['endsAt'], message: 'must be after the beginning' }],
      });
    return this.#db.transaction(scope, async (tx) => {
      await assertStaff(tx, [input.staffId], () => ['staffId']);
      const id = newId<'team-absence'>();
      await tx.query
        .insertInto('team_absence')
        .values({
          msp_id: scope.mspId,
          id,
          staff_id: input.staffId,
          starts_at: input.startsAt,
          ends_at: input.endsAt,
          note: input.note,
          created_at: this.#deps.clock.now(),
        })
        .execute();
      await this.#deps.audit.record(tx, {
        action: 'teams.add-absence',
        subject: { kind: 'staff', id: input.staffId, clientId: null },
        summary: 'Said that a member of staff is away',
        after: { startsAt: input.startsAt.toString(), endsAt: input.endsAt?.toString() ?? null },
      });
      return { absenceId: id };
    });
  }

  /** They are back, or are not going. Throws `scope.needs-all-clients`, `teams.absence-not-found`. */
  async end(scope: TenantScope, input: z.output<typeof endAbsenceInput>): Promise<void> {
    requireWholeMsp(scope);
    await this.#db.transaction(scope, async (tx) => {
      const gone = await tx.query
        .deleteFrom('team_absence')
        .where('id', '=', input.absenceId)
        .returning('staff_id')
        .executeTakeFirst();
      if (gone === undefined) throw new NotFoundError('teams.absence-not-found', 'There is no such absence.');
      await this.#deps.audit.record(tx, {
        action: 'teams.end-absence',
        subject: { kind: 'staff', id: gone.staff_id, clientId: null },
        summary: 'Said that a member of staff is back',
      });
    });
  }
}
