import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import { assertStaff } from './assert-staff.ts';
import type { TeamSkillId, TeamTables } from './team-table.ts';

export const createSkillInput = z.object({ name: text({ max: 60 }) });
export const setSkillLevelInput = z.object({
  skillId: idSchema('team-skill'),
  staffId: idSchema('staff'),
  /** 3 is an expert, 1 a beginner, 0 takes the skill away. */
  level: z.int().min(0, { error: 'must be 0 to 3' }).max(3, { error: 'must be 0 to 3' }),
});

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** What staff can do, and how well. */
export class Skills {
  readonly #db: ScopedDb<TeamTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TeamTables>();
    this.#deps = deps;
  }

  /** Throws `scope.needs-all-clients`, `teams.skill-name-taken`. */
  async create(scope: TenantScope, input: z.output<typeof createSkillInput>): Promise<{ skillId: TeamSkillId }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const id = newId<'team-skill'>();
      const made = await tx.query
        .insertInto('team_skill')
        .values({ msp_id: scope.mspId, id, name: input.name, created_at: this.#deps.clock.now() })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made === undefined)
        throw new ConflictError('teams.skill-name-taken', 'There is a skill of this name already.', {
          fields: [{ path: ['name'], message: 'is taken' }],
        });
      await this.#deps.audit.record(tx, {
        action: 'teams.create-skill',
        subject: { kind: 'team-skill', id, clientId: null },
        summary: `Made the skill ${input.name}`,
        after: input,
      });
      return { skillId: id };
    });
  }

  /** Throws `scope.needs-all-clients`, `teams.skill-not-found`, `teams.staff-not-found`. */
  async setLevel(scope: TenantScope, input: z.output<typeof setSkillLevelInput>): Promise<void> {
    requireWholeMsp(scope);
    await this.#db.transaction(scope, async (tx) => {
      const skill = await tx.query
        .selectFrom('team_skill')
        .select('name')
        .where('id', '=', input.skillId)
        .executeTakeFirst();
      if (skill === undefined)
        throw new NotFoundError('teams.skill-not-found', 'There is no such skill.', {
          fields: [{ path: ['skillId'], message: 'is not a skill of this MSP' }],
        });
      await assertStaff(tx, [input.staffId], () => ['staffId']);
      const { staffId: staff_id, skillId: skill_id, level } = input;
      if (level === 0)
        await tx.query
          .deleteFrom('team_skill_level')
          .where('staff_id', '=', staff_id)
          .where('skill_id', '=', skill_id)
          .execute();
      else
        await tx.query
          .insertInto('team_skill_level')
          .values({ msp_id: scope.mspId, staff_id, skill_id, level })
          .onConflict((conflict) => conflict.columns(['msp_id', 'staff_id', 'skill_id']).doUpdateSet({ level }))
          .execute();
      await this.#deps.audit.record(tx, {
        action: 'teams.set-skill-level',
        subject: { kind: 'staff', id: staff_id, clientId: null },
        summary: `Said how well a member of staff knows ${skill.name}`,
        after: input,
      });
    });
  }
}
