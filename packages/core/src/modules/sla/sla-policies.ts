import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import {
  olaFaults,
  POLICY_KINDS,
  storedPolicy,
  WARNED,
  type createPolicyInput,
  type PolicyInput,
  type PolicyKind,
  type StoredPolicy,
  type updatePolicyInput,
} from './definition-input.ts';
import { nameTaken, refuseTakenName } from './sla-names.ts';
import type { KnownQueues } from './sla-needs.ts';
import { assertWarningReferences } from './warning-references.ts';
import type { RulesChanged } from './rules-changed.ts';
import type { SlaCalendarId, SlaCalendarVersionId, SlaPolicyId, SlaTables } from './sla-table.ts';

type Tx = ScopedTransaction<SlaTables>;

export const policyView = z.object({
  id: idSchema('sla-policy'),
  name: z.string(),
  kind: z.enum(POLICY_KINDS),
  version: z.int(),
  pauseStatuses: z.array(z.string()),
  targets: z.array(
    z.object({
      priority: z.int(),
      response: z.string().nullable(),
      update: z.string().nullable(),
      resolution: z.string().nullable(),
      calendarId: idSchema('sla-calendar').nullable(),
    }),
  ),
  warnings: z.array(
    z.object({
      percent: z.int(),
      notify: z.array(z.enum(WARNED)),
      raisePriority: z.boolean(),
      queueId: idSchema('ticket-queue').nullable(),
      assigneeId: idSchema('staff').nullable(),
    }),
  ),
  leadIds: z.array(idSchema('staff')),
  onCallIds: z.array(idSchema('staff')),
});
export type PolicyView = z.input<typeof policyView>;

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly changed: RulesChanged;
  readonly clock: Clock;
  readonly queues: KnownQueues;
}

/** The MSP's SLA policies. A version names versions of calendars and stays as it is; the newest always names the newest. */
export class SlaPolicies {
  readonly #db: ScopedDb<SlaTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SlaTables>();
    this.#deps = deps;
  }

  /** All policies of a kind as they are now, by name. */
  async list(scope: TenantScope, kind: PolicyKind = 'sla'): Promise<PolicyView[]> {
    const [rows, calendars] = await Promise.all([
      this.#db.read(scope, (query) =>
        query
          .selectFrom('sla_policy')
          .innerJoin('sla_policy_version', 'sla_policy_version.id', 'sla_policy.version_id')
          .select(['sla_policy.id', 'sla_policy.name', 'sla_policy.kind', 'sla_policy.version'])
          .select('sla_policy_version.definition')
          .where('sla_policy.retired_at', 'is', null)
          .where('sla_policy.kind', '=', kind)
          .orderBy('sla_policy.name')
          .limit(500),
      ),
      this.#db.read(scope, (query) => query.selectFrom('sla_calendar').select(['id', 'version_id'])),
    ]);
    const calendarOf = new Map<string, SlaCalendarId>(calendars.map((row) => [row.version_id, row.id]));
    return rows.map(({ definition, ...row }) => ({
      ...row,
      pauseStatuses: [...definition.pauseStatuses],
      warnings: [...(definition.warnings ?? [])],
      leadIds: [...(definition.leadIds ?? [])],
      onCallIds: [...(definition.onCallIds ?? [])],
      targets: definition.targets.map(({ priority, calendar, ...budgets }) => ({
        ...budgets,
        priority: Number(priority),
        calendarId: calendarOf.get(calendar) ?? null,
      })),
    }));
  }

  /** Throws `sla.name-taken`, `sla.calendar-not-found`, `sla.reference-not-found`. */
  async create(
    scope: TenantScope,
    input: z.output<typeof createPolicyInput>,
    within?: AnyTransaction,
  ): Promise<{ policyId: SlaPolicyId }> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const id = newId<'sla-policy'>();
        await assertWarningReferences(tx, this.#deps.queues, input);
        const definition = await definitionOf(tx, input);
        const versionId = newId<'sla-policy-version'>();
        const made = await tx.query
          .insertInto('sla_policy')
          .values({
            msp_id: scope.mspId,
            id,
            name: input.name,
            kind: input.kind,
            version_id: versionId,
            version: 1,
            created_at: this.#deps.clock.now(),
          })
          .onConflict((conflict) => conflict.columns(['msp_id', 'name']).where('retired_at', 'is', null).doNothing())
          .returning('id')
          .executeTakeFirst();
        if (made === undefined) throw nameTaken('policy');
        await this.#addVersions(tx, [{ id: versionId, policyId: id, number: 1, definition }]);
        await this.#audit(tx, id, `Made the ${input.kind.toUpperCase()} policy ${input.name}`, input);
        return { policyId: id };
      },
      within,
    );
  }

  /** Makes the next version; its kind stays. Throws `sla.policy-not-found`, `sla.policy-changed`, `sla.name-taken`, `sla.calendar-not-found`, `sla.bad-ola`. */
  async update(scope: TenantScope, input: z.output<typeof updatePolicyInput>): Promise<{ version: number }> {
    return this.#db.transaction(scope, async (tx) => {
      await assertWarningReferences(tx, this.#deps.queues, input);
      // Calendars before policies, as an edit of a calendar locks them.
      const definition = await definitionOf(tx, input);
      const before = await tx.query
        .selectFrom('sla_policy')
        .selectAll()
        .where('id', '=', input.policyId)
        .where('retired_at', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw new NotFoundError('sla.policy-not-found', 'There is no such SLA policy.');
      if (before.version !== input.version)
        throw new ConflictError(
          'sla.policy-changed',
          'Somebody else changed this policy meanwhile, or a calendar of it. Look at it again, then repeat your change.',
        );
      refuseFaults(olaFaults(before.kind, input));
      const version = before.version + 1;
      const versionId = newId<'sla-policy-version'>();
      await this.#addVersions(tx, [{ id: versionId, policyId: before.id, number: version, definition }]);
      await tx.query
        .updateTable('sla_policy')
        .set({ name: input.name, version_id: versionId, version })
        .where('id', '=', before.id)
        .execute()
        .catch(refuseTakenName('policy'));
      await this.#audit(tx, before.id, `Changed the ${before.kind.toUpperCase()} policy ${input.name}`, input);
      await this.#deps.changed.announce(tx);
      return { version };
    });
  }

  /** Gives each policy whose newest version names one version of a calendar a version that names the other. The calendar is locked by the caller. */
  async moveToCalendar(
    within: AnyTransaction,
    { from, to }: { from: SlaCalendarVersionId; to: SlaCalendarVersionId },
  ): Promise<void> {
    const tx = within.typed<SlaTables>();
    const rows = await tx.query
      .selectFrom('sla_policy')
      .innerJoin('sla_policy_version', 'sla_policy_version.id', 'sla_policy.version_id')
      .select(['sla_policy.id', 'sla_policy.version', 'sla_policy_version.definition'])
      .orderBy('sla_policy.id')
      .forUpdate('sla_policy')
      .execute();
    const moved = rows
      .filter(({ definition }) => definition.targets.some(({ calendar }) => calendar === from))
      .map(({ id, version, definition }) => ({
        id: newId<'sla-policy-version'>(),
        policyId: id,
        number: version + 1,
        definition: {
          ...definition,
          targets: definition.targets.map((one) => (one.calendar === from ? { ...one, calendar: to } : one)),
        },
      }));
    if (moved.length === 0) return;
    await this.#addVersions(tx, moved);
    await tx.sql(
      `update sla_policy p set version_id = n.version_id, version = p.version + 1
       from unnest($2::uuid[], $3::uuid[]) n(id, version_id) where p.msp_id = $1 and p.id = n.id`,
      [tx.scope.mspId, moved.map(({ policyId }) => policyId), moved.map(({ id }) => id)],
    );
  }

  async #addVersions(
    tx: Tx,
    versions: readonly {
      id: SlaTables['sla_policy_version']['id'];
      policyId: SlaPolicyId;
      number: number;
      definition: StoredPolicy;
    }[],
  ): Promise<void> {
    await tx.query
      .insertInto('sla_policy_version')
      .values(
        versions.map(({ id, policyId, number, definition }) => ({
          msp_id: tx.scope.mspId,
          id,
          policy_id: policyId,
          number,
          definition: JSON.stringify(definition),
          created_at: this.#deps.clock.now(),
        })),
      )
      .execute();
  }

  async #audit(tx: AnyTransaction, id: string, summary: string, after: object): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'sla.manage-policy',
      subject: { kind: 'sla-policy', id, clientId: null },
      summary,
      after,
    });
  }
}

function refuseFaults(fields: ReturnType<typeof olaFaults>): void {
  const [first] = fields;
  if (first !== undefined)
    throw new InvalidInputError('sla.bad-ola', `${first.path.join('.')} ${first.message}.`, { fields });
}

/** Names the calendars' versions of now and holds them until the transaction ends, so that no edit is missed. */
async function definitionOf(tx: Tx, input: PolicyInput): Promise<StoredPolicy> {
  const ids = input.targets.map(({ calendarId }) => calendarId).filter((id) => id !== null);
  const rows =
    ids.length === 0
      ? []
      : await tx.query
          .selectFrom('sla_calendar')
          .select(['id', 'version_id'])
          .where('id', 'in', ids)
          .orderBy('id')
          .forShare()
          .execute();
  const versions = new Map<string, string>(rows.map((row) => [row.id, row.version_id]));
  return storedPolicy(input, (id) => {
    const version = versions.get(id);
    if (version !== undefined) return version;
    const index = input.targets.findIndex(({ calendarId }) => calendarId === id);
    throw new NotFoundError('sla.calendar-not-found', 'There is no such calendar.', {
      fields: [{ path: ['targets', index, 'calendarId'], message: 'is no calendar of yours' }],
    });
  });
}
