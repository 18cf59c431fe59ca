import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { TeamId } from '#modules/teams';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { RulesChanged } from './rules-changed.ts';
import type { SlaPolicyId, SlaPolicyVersionId, SlaTables } from './sla-table.ts';

/** For whom: a team, or every team that has no choice of its own (null). What: an OLA, `none` for "no OLA", or `inherit` to take the choice away. */
export const setTeamChoiceInput = z.object({
  teamId: idSchema('team').nullable().default(null),
  policyId: z.union([idSchema('sla-policy'), z.literal('none'), z.literal('inherit')]),
});
export const teamChoiceView = z.object({
  teamId: idSchema('team').nullable(),
  teamName: z.string().nullable(),
  policyId: idSchema('sla-policy').nullable(),
});
type TeamChoiceView = z.input<typeof teamChoiceView>;

/** What holds for a team: the version of its OLA, null for none, and from when on. */
export interface TeamOla {
  readonly versionId: SlaPolicyVersionId | null;
  readonly since: Temporal.Instant;
}

interface TeamTable {
  team: { id: TeamId; name: string };
}
interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly changed: RulesChanged;
  readonly clock: Clock;
}

/** Which OLA holds for which team. A team's own choice comes before that of every team. */
export class TeamChoices {
  readonly #db: ScopedDb<SlaTables & TeamTable>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SlaTables & TeamTable>();
    this.#deps = deps;
  }

  /** All choices, that of every team first. */
  async list(scope: TenantScope): Promise<TeamChoiceView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('sla_team_choice as c')
        .leftJoin('team as t', 't.id', 'c.team_id')
        .select(['c.team_id', 'c.policy_id', 't.name'])
        .orderBy('t.name', (order) => order.asc().nullsFirst())
        .limit(1000),
    );
    return rows.map((row) => ({ teamId: row.team_id, teamName: row.name, policyId: row.policy_id }));
  }

  /** Throws `sla.policy-not-found` for what is no OLA, `sla.team-not-found`. */
  async set(scope: TenantScope, { teamId, policyId }: z.output<typeof setTeamChoiceInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const chosen = policyId === 'none' || policyId === 'inherit' ? null : policyId;
      await assertOla(tx, chosen);
      const team = teamId === null ? null : await teamOf(tx, teamId);
      await tx.query.deleteFrom('sla_team_choice').where('team_id', 'is not distinct from', teamId).execute();
      if (policyId !== 'inherit')
        await tx.query
          .insertInto('sla_team_choice')
          .values({
            msp_id: scope.mspId,
            id: newId<'sla-team-choice'>(),
            team_id: teamId,
            policy_id: chosen,
            chosen_at: this.#deps.clock.now(),
          })
          .execute();
      await this.#deps.audit.record(tx, {
        action: 'sla.set-team-choice',
        subject: { kind: 'sla-team-choice', id: teamId ?? scope.mspId, clientId: null },
        summary: team === null ? 'Chose the OLA of every team' : `Chose the OLA of the team ${team.name}`,
        after: { teamId, policyId },
      });
      await this.#deps.changed.announce(tx);
    });
  }

  /** What holds now, for whoever asks of a team: its own choice, or that of every team, or nothing. One read. */
  async held(scope: TenantScope): Promise<(teamId: string) => TeamOla | null> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('sla_team_choice as c')
        .leftJoin('sla_policy as p', 'p.id', 'c.policy_id')
        .leftJoin('sla_policy_version as v', 'v.id', 'p.version_id')
        .select(['c.team_id', 'c.chosen_at', 'p.version_id', 'v.created_at']),
    );
    const held = new Map(
      rows.map((row) => [row.team_id as string | null, { versionId: row.version_id, since: laterOf(row) }]),
    );
    return (teamId) => held.get(teamId) ?? held.get(null) ?? null;
  }
}

/** A version counts from when it was made, also for a team that was given the policy before. */
function laterOf({ chosen_at, created_at }: { chosen_at: Temporal.Instant; created_at: Temporal.Instant | null }) {
  return created_at !== null && Temporal.Instant.compare(created_at, chosen_at) > 0 ? created_at : chosen_at;
}

async function assertOla(tx: ScopedTransaction<SlaTables>, policyId: SlaPolicyId | null): Promise<void> {
  if (policyId === null) return;
  const known = await tx.query
    .selectFrom('sla_policy')
    .select('id')
    .where('id', '=', policyId)
    .where('kind', '=', 'ola')
    .where('retired_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  if (known === undefined)
    throw new NotFoundError('sla.policy-not-found', 'There is no such OLA.', {
      fields: [{ path: ['policyId'], message: 'is no OLA of yours' }],
    });
}

async function teamOf(tx: ScopedTransaction<TeamTable>, teamId: TeamId): Promise<{ name: string }> {
  const team = await tx.query.selectFrom('team').select('name').where('id', '=', teamId).executeTakeFirst();
  if (team === undefined)
    throw new NotFoundError('sla.team-not-found', 'There is no such team.', {
      fields: [{ path: ['teamId'], message: 'is no team of yours' }],
    });
  return team;
}
