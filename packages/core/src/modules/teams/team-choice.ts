import type { Clock } from '#kernel/clock';
import type { ClientId } from '#kernel/id';
import type { StaffId } from '#modules/identity';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { TeamId, TeamSkillId, TeamTables } from './team-table.ts';
import { teamNotFound } from './teams.ts';

/** How a team's tickets find their person: nobody, in turn, to whom has least, or to whom knows most. */
export const ASSIGNMENT_METHODS = ['manual', 'round-robin', 'least-load', 'skill'] as const;
/** One of `ASSIGNMENT_METHODS`. */
export type AssignmentMethod = (typeof ASSIGNMENT_METHODS)[number];

/** Whose turn it is, and why: `round robin of Service desk`. No person where nobody of the team can take it now. */
export interface ChosenMember {
  readonly staffId: StaffId | null;
  readonly reason: string;
}

interface Wanted {
  readonly teamId: TeamId;
  readonly method: AssignmentMethod;
  /** For the method `skill`. */
  readonly skillId: TeamSkillId | null;
  /** Whose ticket it is: who cannot see it does not get it. */
  readonly clientId: ClientId;
}

/** How many open tickets each person has who has any. What counts is for those above to say. */
export type LoadOf = (tx: AnyTransaction, staffIds: readonly StaffId[]) => Promise<ReadonlyMap<string, number>>;

interface Candidate {
  readonly staff_id: StaffId;
  readonly name: string;
  readonly level: number | null;
}

/** Chooses members of teams. */
export class TeamChoice {
  readonly #clock: Clock;

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /**
   * Whose turn it is in a team, and takes note that they had it. The team's row stays locked until the caller's transaction ends, so that two tickets that come at once go to two people.
   * Who is away, has left or does not reach the client is passed over. Throws `teams.team-not-found`, also for a team that is not active.
   */
  async next(within: AnyTransaction, wanted: Wanted, loadOf: LoadOf): Promise<ChosenMember> {
    const tx = within.typed<TeamTables>();
    const team = await tx.query
      .selectFrom('team')
      .select('name')
      .where('id', '=', wanted.teamId)
      .where('is_active', '=', true)
      .forUpdate()
      .executeTakeFirst();
    if (team === undefined) throw teamNotFound();
    if (wanted.method === 'manual') return { staffId: null, reason: `for ${team.name}` };
    const now = this.#clock.now();
    const candidates = await this.#candidates(tx, wanted, now);
    const first = await bestOf(tx, candidates, wanted.method, loadOf);
    if (first === undefined) return { staffId: null, reason: nobody(wanted.method, team.name) };
    // After whoever had the last turn, however many come in one millisecond.
    await tx.sql(
      `update team_member m set last_assigned_at = greatest($4, (
         select max(o.last_assigned_at) + interval '1 microsecond' from team_member o where o.msp_id = $1 and o.team_id = $2))
       where m.msp_id = $1 and m.team_id = $2 and m.staff_id = $3`,
      [tx.scope.mspId, wanted.teamId, first.staff_id, now],
    );
    return { staffId: first.staff_id, reason: `${WORDS[wanted.method]} ${team.name}` };
  }

  /** Who can take a ticket of the client now, whoever waits longest first. */
  async #candidates(tx: AnyTransaction, wanted: Wanted, now: Temporal.Instant): Promise<Candidate[]> {
    return tx.sql<Candidate & Record<string, unknown>>(
      `select m.staff_id, s.name, l.level
       from team_member m
       join identity_staff s on s.msp_id = m.msp_id and s.id = m.staff_id
       left join team_skill_level l on l.msp_id = m.msp_id and l.staff_id = m.staff_id and l.skill_id = $4
       where m.msp_id = $1 and m.team_id = $2 and s.removed_at is null and (s.expires_at is null or s.expires_at > $5)
         and case s.reach when 'all' then true when 'only' then $3 = any(s.reach_clients) else $3 <> all(s.reach_clients) end
         and not exists (
           select from team_absence a where a.msp_id = m.msp_id and a.staff_id = m.staff_id
             and a.starts_at <= $5 and (a.ends_at is null or a.ends_at > $5))
         and ($4::uuid is null or l.level is not null)
       order by m.last_assigned_at nulls first, s.name, m.staff_id`,
      [tx.scope.mspId, wanted.teamId, wanted.clientId, wanted.method === 'skill' ? wanted.skillId : null, now],
    );
  }
}

const WORDS = { 'round-robin': 'round robin of', 'least-load': 'least load in', skill: 'best skilled of' } as const;

function nobody(method: AssignmentMethod, team: string): string {
  return method === 'skill' ? `nobody of ${team} with the skill is there` : `nobody of ${team} is there`;
}

/** Candidates come in the order of their turns, which decides between equals. */
async function bestOf(
  tx: AnyTransaction,
  candidates: readonly Candidate[],
  method: Exclude<AssignmentMethod, 'manual'>,
  loadOf: LoadOf,
): Promise<Candidate | undefined> {
  if (method === 'round-robin' || candidates.length < 2) return candidates[0];
  const load = await loadOf(
    tx,
    candidates.map((one) => one.staff_id),
  );
  const loadNow = (one: Candidate): number => load.get(one.staff_id) ?? 0;
  const skillNow = (one: Candidate): number => (method === 'skill' ? (one.level ?? 0) : 0);
  return candidates.toSorted((one, other) => skillNow(other) - skillNow(one) || loadNow(one) - loadNow(other))[0];
}
