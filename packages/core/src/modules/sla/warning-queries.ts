import type { Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { StoredWarning } from './definition-input.ts';
import type { Measure } from './sla-policy.ts';
import type { SlaTables } from './sla-table.ts';

/** A warning that was given, with what its policy wants done about it. */
export interface Warning {
  readonly measure: Measure;
  readonly percent: number;
  readonly dueAt: Temporal.Instant | null;
  readonly policyName: string;
  readonly step: StoredWarning;
  readonly leadIds: readonly Id<'staff'>[];
  readonly onCallIds: readonly Id<'staff'>[];
}

/** Reads warnings. */
export class WarningQueries {
  readonly #db: ScopedDb<SlaTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<SlaTables>();
  }

  /** Null where it is out of reach, or its policy names no such step. */
  async get(scope: TenantScope, warningId: Id<'sla-warning'>): Promise<Warning | null> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('sla_warning')
        .innerJoin('sla_policy_version', 'sla_policy_version.id', 'sla_warning.policy_version_id')
        .innerJoin('sla_policy', 'sla_policy.id', 'sla_policy_version.policy_id')
        .select([
          'sla_warning.measure',
          'sla_warning.percent',
          'sla_warning.due_at',
          'sla_policy.name',
          'sla_policy_version.definition',
        ])
        .where('sla_warning.id', '=', warningId),
    );
    const step = row?.definition.warnings?.find(({ percent }) => percent === row.percent);
    if (row === undefined || step === undefined) return null;
    return {
      measure: row.measure,
      percent: row.percent,
      dueAt: row.due_at,
      policyName: row.name,
      step,
      leadIds: row.definition.leadIds ?? [],
      onCallIds: row.definition.onCallIds ?? [],
    };
  }
}
