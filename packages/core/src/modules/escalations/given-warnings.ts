import { z } from 'zod';
import { idSchema, type Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { PolicySteps } from '#modules/sla';
import type { ScopedDb } from '#platform/db/scoped-db';

export const givenWarningsInput = z.object({ ticketId: idSchema('ticket') });

/** What was warned of on a ticket, the newest first. */
export const givenWarningsView = z.object({
  items: z.array(
    z.object({
      at: z.string(),
      measure: z.enum(['response', 'update', 'resolution', 'team']),
      /** Of a stay with a team alone. */
      teamName: z.string().nullable(),
      percent: z.int(),
      dueAt: z.string().nullable(),
      policyName: z.string(),
      /** Who found it in the bell and in the mail, by name. */
      told: z.array(z.string()),
      /** What the policy had done besides, in words: `priority raised`. */
      done: z.array(z.string()),
    }),
  ),
});
type GivenWarningsView = z.input<typeof givenWarningsView>;

const MAX = 100;

interface Row {
  readonly warned_at: Temporal.Instant;
  readonly measure: 'response' | 'update' | 'resolution' | 'team';
  readonly team_name: string | null;
  readonly percent: number;
  readonly due_at: Temporal.Instant | null;
  readonly policy_name: string;
  readonly definition: PolicySteps;
  readonly told: string[];
}

/** Reads which warnings of a ticket were given, when, and to whom. */
export class GivenWarnings {
  readonly #db: ScopedDb;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db;
  }

  /** The last 100, of promises to the client and of stays with teams alike; none for a ticket out of reach. */
  async of(scope: TenantScope, ticketId: Id<'ticket'>): Promise<GivenWarningsView> {
    const rows = await this.#db.transaction(scope, (tx) => tx.sql<Row>(QUERY, [scope.mspId, ticketId, MAX]));
    return {
      items: rows.map((row) => ({
        at: row.warned_at.toString(),
        measure: row.measure,
        teamName: row.team_name,
        percent: row.percent,
        dueAt: row.due_at?.toString() ?? null,
        policyName: row.policy_name,
        told: row.told,
        done: doneBy(row),
      })),
    };
  }
}

const QUERY = `
  with given as (
    select w.id, w.warned_at, w.measure, null::text as team_name, w.percent, w.due_at, w.policy_version_id, 'sla-warning:' || w.id as key
    from sla_warning w where w.msp_id = $1 and w.ticket_id = $2
    union all
    select w.id, w.warned_at, 'team', t.name, w.percent, w.due_at, w.policy_version_id, 'ola-warning:' || w.id
    from ola_warning w
      join ola_stay s on s.msp_id = w.msp_id and s.id = w.stay_id
      join team t on t.msp_id = s.msp_id and t.id = s.team_id
    where w.msp_id = $1 and w.ticket_id = $2
    order by 2 desc limit $3
  )
  select g.warned_at, g.measure, g.team_name, g.percent, g.due_at, p.name as policy_name, v.definition,
    coalesce((
      select array_agg(m.name order by m.name) from notice n join identity_staff m on m.msp_id = n.msp_id and m.id = n.staff_id
      where n.msp_id = $1 and n.key = g.key), '{}') as told
  from given g
    join sla_policy_version v on v.msp_id = $1 and v.id = g.policy_version_id
    join sla_policy p on p.msp_id = $1 and p.id = v.policy_id
  order by g.warned_at desc, g.percent desc`;

function doneBy({ definition, percent }: Row): string[] {
  const step = definition.warnings?.find((one) => one.percent === percent);
  if (step === undefined) return [];
  return [
    ...(step.raisePriority ? ['priority raised'] : []),
    ...(step.queueId === null ? [] : ['moved to another queue']),
    ...(step.assigneeId === null ? [] : ['given to somebody else']),
  ];
}
