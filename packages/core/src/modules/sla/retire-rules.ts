import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { SlaCalendarId, SlaPolicyId, SlaTables } from './sla-table.ts';

export const retirePolicyInput = z.object({ policyId: idSchema('sla-policy') });
export const retireCalendarInput = z.object({ calendarId: idSchema('sla-calendar') });

type Tx = ScopedTransaction<SlaTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Takes policies and calendars out of use. Their versions stay, for verdicts were given by them; their names are free again. */
export class RetireRules {
  readonly #db: ScopedDb<SlaTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SlaTables>();
    this.#deps = deps;
  }

  /** Throws `sla.policy-not-found`; `sla.policy-in-use` with where it is chosen. Retiring twice changes nothing. */
  async policy(scope: TenantScope, { policyId }: z.output<typeof retirePolicyInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const policy = await tx.query
        .selectFrom('sla_policy')
        .select(['name', 'retired_at'])
        .where('id', '=', policyId)
        .forUpdate()
        .executeTakeFirst();
      if (policy === undefined) throw new NotFoundError('sla.policy-not-found', 'There is no such SLA policy.');
      if (policy.retired_at !== null) return;
      const uses = await usesOf(tx, policyId);
      if (uses.length > 0)
        throw new ConflictError(
          'sla.policy-in-use',
          `${policy.name} is chosen for ${uses.join(', ')}. Choose another policy there first.`,
        );
      await tx.query
        .updateTable('sla_policy')
        .set({ retired_at: this.#deps.clock.now() })
        .where('id', '=', policyId)
        .execute();
      await this.#audit(tx, 'policy', policyId, policy.name);
    });
  }

  /** Throws `sla.calendar-not-found`; `sla.calendar-in-use` with the policies that count by it. Retiring twice changes nothing. */
  async calendar(scope: TenantScope, { calendarId }: z.output<typeof retireCalendarInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const calendar = await tx.query
        .selectFrom('sla_calendar')
        .select(['name', 'version_id', 'retired_at'])
        .where('id', '=', calendarId)
        .forUpdate()
        .executeTakeFirst();
      if (calendar === undefined) throw new NotFoundError('sla.calendar-not-found', 'There is no such calendar.');
      if (calendar.retired_at !== null) return;
      const policies = await tx.query
        .selectFrom('sla_policy')
        .innerJoin('sla_policy_version', 'sla_policy_version.id', 'sla_policy.version_id')
        .select(['sla_policy.name', 'sla_policy_version.definition'])
        .where('sla_policy.retired_at', 'is', null)
        .orderBy('sla_policy.name')
        .execute();
      const users = policies
        .filter(({ definition }) => definition.targets.some((target) => target.calendar === calendar.version_id))
        .map(({ name }) => name);
      if (users.length > 0)
        throw new ConflictError(
          'sla.calendar-in-use',
          `${users.slice(0, 5).join(', ')} ${users.length === 1 ? 'counts' : 'count'} by ${calendar.name}. Give ${users.length === 1 ? 'it' : 'them'} another calendar first.`,
        );
      await tx.query
        .updateTable('sla_calendar')
        .set({ retired_at: this.#deps.clock.now() })
        .where('id', '=', calendarId)
        .execute();
      await this.#audit(tx, 'calendar', calendarId, calendar.name);
    });
  }

  async #audit(tx: Tx, kind: 'policy' | 'calendar', id: SlaPolicyId | SlaCalendarId, name: string): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: `sla.retire-${kind}`,
      subject: { kind: `sla-${kind}`, id, clientId: null },
      summary: `Retired the ${kind === 'policy' ? 'SLA policy' : 'calendar'} ${name}`,
    });
  }
}

async function usesOf(tx: Tx, policyId: SlaPolicyId): Promise<string[]> {
  const general = await tx.query.selectFrom('sla_choice').select('id').where('policy_id', '=', policyId).execute();
  const clients = await tx.query
    .selectFrom('sla_client_choice')
    .select('id')
    .where('policy_id', '=', policyId)
    .execute();
  const agreements = await tx.query
    .selectFrom('sla_agreement_choice')
    .select('id')
    .where('policy_id', '=', policyId)
    .execute();
  const teams = await tx.query.selectFrom('sla_team_choice').select('id').where('policy_id', '=', policyId).execute();
  return [
    ...(general.length === 0 ? [] : ['every client']),
    ...(clients.length === 0 ? [] : [clients.length === 1 ? 'one client' : `${clients.length} clients`]),
    ...(teams.length === 0 ? [] : [teams.length === 1 ? 'one team’s choice' : `${teams.length} teams’ choices`]),
    ...(agreements.length === 0 ? [] : [agreements.length === 1 ? 'one contract' : `${agreements.length} contracts`]),
  ];
}
