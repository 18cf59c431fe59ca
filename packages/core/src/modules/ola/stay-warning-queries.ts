import type { Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { PolicySteps, Warning } from '#modules/sla';
import type { TeamId } from '#modules/teams';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { OlaTables } from './ola-table.ts';

/** A warning of a stay, as that of a promise to a client; its leads are the team's and the OLA's. */
export interface StayWarning extends Omit<Warning, 'measure'> {
  readonly measure: 'team';
  readonly teamName: string;
}

interface OtherTables {
  sla_policy: { id: Id<'sla-policy'>; name: string };
  sla_policy_version: { id: Id<'sla-policy-version'>; policy_id: Id<'sla-policy'>; definition: PolicySteps };
  team: { id: TeamId; name: string };
  team_member: { team_id: TeamId; staff_id: Id<'staff'>; is_lead: boolean };
}

/** Reads warnings of stays. */
export class StayWarningQueries {
  readonly #db: ScopedDb<OlaTables & OtherTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<OlaTables & OtherTables>();
  }

  /** Null where it is out of reach, where the ticket has left the team, or where the OLA names no such step. */
  async get(scope: TenantScope, warningId: Id<'ola-warning'>): Promise<StayWarning | null> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('ola_warning')
        .innerJoin('ola_stay', 'ola_stay.id', 'ola_warning.stay_id')
        .innerJoin('team', 'team.id', 'ola_stay.team_id')
        .innerJoin('sla_policy_version', 'sla_policy_version.id', 'ola_warning.policy_version_id')
        .innerJoin('sla_policy', 'sla_policy.id', 'sla_policy_version.policy_id')
        .select(['ola_warning.percent', 'ola_warning.due_at', 'ola_stay.team_id', 'team.name as team_name'])
        .select(['sla_policy.name as policy_name', 'sla_policy_version.definition'])
        .where('ola_warning.id', '=', warningId)
        .where('ola_stay.ended_at', 'is', null),
    );
    const step = row?.definition.warnings?.find(({ percent }) => percent === row.percent);
    if (row === undefined || step === undefined) return null;
    const leads = await this.#db.read(scope, (query) =>
      query
        .selectFrom('team_member')
        .select('staff_id')
        .where('team_id', '=', row.team_id)
        .where('is_lead', '=', true)
        .limit(50),
    );
    return {
      measure: 'team',
      teamName: row.team_name,
      percent: row.percent,
      dueAt: row.due_at,
      policyName: row.policy_name,
      step,
      leadIds: [...leads.map((lead) => lead.staff_id), ...(row.definition.leadIds ?? [])],
      onCallIds: row.definition.onCallIds ?? [],
    };
  }
}
