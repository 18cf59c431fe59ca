import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { assertStaff } from './assert-staff.ts';
import type { TeamId, TeamTables } from './team-table.ts';

export const MAX_MEMBERS = 200;
export const MAX_TEAMS = 200;

const members = z
  .array(z.object({ staffId: idSchema('staff'), isLead: z.boolean().default(false) }))
  .max(MAX_MEMBERS, { error: `must be at most ${MAX_MEMBERS} people` })
  .refine((list) => new Set(list.map(({ staffId }) => staffId)).size === list.length, {
    error: 'must name each person once',
  });
export const createTeamInput = z.object({ name: text({ max: 60 }), members: members.default([]) });
export const updateTeamInput = z.object({
  teamId: idSchema('team'),
  version: z.int(),
  name: text({ max: 60 }),
  /** False: no ticket is given to it any more. */
  isActive: z.boolean(),
  members,
});

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}
type Tx = ScopedTransaction<TeamTables>;

/** Teams with their members. */
export class Teams {
  readonly #db: ScopedDb<TeamTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TeamTables>();
    this.#deps = deps;
  }

  /** Throws `scope.needs-all-clients`, `teams.name-taken`, `teams.staff-not-found`, `teams.too-many-teams`. */
  async create(scope: TenantScope, input: z.output<typeof createTeamInput>): Promise<{ teamId: TeamId }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const { count } = await tx.query
        .selectFrom('team')
        .select((all) => all.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      if (count >= MAX_TEAMS) throw new ConflictError('teams.too-many-teams', `There are ${MAX_TEAMS} teams already.`);
      const id = newId<'team'>();
      await tx.query
        .insertInto('team')
        .values({ msp_id: scope.mspId, id, name: input.name, created_at: this.#deps.clock.now() })
        .execute()
        .catch(refuseTakenName);
      await writeMembers(tx, id, input.members);
      await this.#record(tx, id, `Made the team ${input.name}`, input);
      return { teamId: id };
    });
  }

  /** Replaces name and members. Throws `scope.needs-all-clients`, `teams.team-not-found`, `teams.team-changed` on a stale version, `teams.name-taken`, `teams.staff-not-found`. */
  async update(scope: TenantScope, input: z.output<typeof updateTeamInput>): Promise<{ version: number }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('team')
        .selectAll()
        .where('id', '=', input.teamId)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw teamNotFound();
      if (before.version !== input.version)
        throw new ConflictError(
          'teams.team-changed',
          'Somebody else changed this team meanwhile. Look at it again, then repeat your change.',
        );
      const version = before.version + 1;
      await tx.query
        .updateTable('team')
        .set({ name: input.name, is_active: input.isActive, version })
        .where('id', '=', before.id)
        .execute()
        .catch(refuseTakenName);
      await writeMembers(tx, before.id, input.members);
      await this.#record(tx, before.id, `Changed the team ${input.name}`, input);
      return { version };
    });
  }

  async #record(tx: Tx, id: TeamId, summary: string, after: object): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'teams.manage-team',
      subject: { kind: 'team', id, clientId: null },
      summary,
      after,
    });
  }
}

/** There is none of this id in the MSP. */
export function teamNotFound(): NotFoundError {
  return new NotFoundError('teams.team-not-found', 'There is no such team.', {
    fields: [{ path: ['teamId'], message: 'is not a team of this MSP' }],
  });
}

/** Who stays keeps their turn. */
async function writeMembers(tx: Tx, teamId: TeamId, list: readonly z.output<typeof members>[number][]): Promise<void> {
  const ids = list.map(({ staffId }) => staffId);
  await assertStaff(tx, ids, (index) => ['members', index, 'staffId']);
  await tx.sql('delete from team_member where msp_id = $1 and team_id = $2 and staff_id <> all($3::uuid[])', [
    tx.scope.mspId,
    teamId,
    ids,
  ]);
  await tx.sql(
    `insert into team_member (msp_id, team_id, staff_id, is_lead)
     select $1, $2, n.staff_id, n.is_lead from unnest($3::uuid[], $4::boolean[]) n(staff_id, is_lead)
     on conflict (msp_id, team_id, staff_id) do update set is_lead = excluded.is_lead`,
    [tx.scope.mspId, teamId, ids, list.map(({ isLead }) => isLead)],
  );
}

/** PostgreSQL's unique_violation, said of the name: nothing else that is written there can be taken. */
function refuseTakenName(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === '23505')
    throw new ConflictError('teams.name-taken', 'There is a team of this name already.', {
      fields: [{ path: ['name'], message: 'is taken' }],
    });
  throw error;
}
