import { sql } from 'kysely';
import type { z } from 'zod';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { StaffTables, TeamTables } from './team-table.ts';
import type { absenceView, skillView, teamView } from './team-view.ts';
import { MAX_MEMBERS, MAX_TEAMS } from './teams.ts';

/** Reads teams, skills and absences. */
export class TeamQueries {
  readonly #db: ScopedDb<TeamTables & StaffTables>;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; clock: Clock }) {
    this.#db = deps.db.typed<TeamTables & StaffTables>();
    this.#clock = deps.clock;
  }

  /** All teams by name, each with its members, leads first. */
  async teams(scope: TenantScope): Promise<z.input<typeof teamView>[]> {
    const now = this.#clock.now();
    const [teams, people] = await Promise.all([
      this.#db.read(scope, (query) => query.selectFrom('team').selectAll().orderBy('name').limit(MAX_TEAMS)),
      this.#db.read(scope, (query) =>
        query
          .selectFrom('team_member as m')
          .innerJoin('identity_staff as s', 's.id', 'm.staff_id')
          .select(['m.team_id', 'm.staff_id', 'm.is_lead', 's.name'])
          .select(
            sql<boolean>`exists (select from team_absence a where a.msp_id = m.msp_id and a.staff_id = m.staff_id and a.starts_at <= ${now} and (a.ends_at is null or a.ends_at > ${now}))`.as(
              'is_away',
            ),
          )
          .where('s.removed_at', 'is', null)
          .orderBy('m.is_lead', 'desc')
          .orderBy('s.name')
          .limit(MAX_TEAMS * MAX_MEMBERS),
      ),
    ]);
    const byTeam = Map.groupBy(people, (row) => row.team_id);
    return teams.map((team) => ({
      id: team.id,
      name: team.name,
      isActive: team.is_active,
      members: (byTeam.get(team.id) ?? []).map((row) => ({
        staffId: row.staff_id,
        name: row.name,
        isLead: row.is_lead,
        isAway: row.is_away,
      })),
      version: team.version,
    }));
  }

  /** All skills by name, each with the people who have it, the best first. */
  async skills(scope: TenantScope): Promise<z.input<typeof skillView>[]> {
    const [skills, levels] = await Promise.all([
      this.#db.read(scope, (query) => query.selectFrom('team_skill').select(['id', 'name']).orderBy('name').limit(500)),
      this.#db.read(scope, (query) =>
        query
          .selectFrom('team_skill_level as l')
          .innerJoin('identity_staff as s', 's.id', 'l.staff_id')
          .select(['l.skill_id', 'l.staff_id', 'l.level', 's.name'])
          .where('s.removed_at', 'is', null)
          .orderBy('l.level', 'desc')
          .orderBy('s.name')
          .limit(20_000),
      ),
    ]);
    const bySkill = Map.groupBy(levels, (row) => row.skill_id);
    return skills.map((skill) => ({
      ...skill,
      people: (bySkill.get(skill.id) ?? []).map(({ staff_id: staffId, name, level }) => ({ staffId, name, level })),
    }));
  }

  /** What is now and what comes, the soonest first. */
  async absences(scope: TenantScope): Promise<z.input<typeof absenceView>[]> {
    const now = this.#clock.now();
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('team_absence as a')
        .innerJoin('identity_staff as s', 's.id', 'a.staff_id')
        .select(['a.id', 'a.staff_id', 's.name', 'a.starts_at', 'a.ends_at', 'a.note'])
        .where('s.removed_at', 'is', null)
        .where(sql<boolean>`(a.ends_at is null or a.ends_at > ${now})`)
        .orderBy('a.starts_at')
        .orderBy('a.id')
        .limit(500),
    );
    return rows.map((row) => ({
      id: row.id,
      staffId: row.staff_id,
      name: row.name,
      startsAt: row.starts_at.toString(),
      endsAt: row.ends_at?.toString() ?? null,
      note: row.note,
    }));
  }
}
