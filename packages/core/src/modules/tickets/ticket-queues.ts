import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { prioritySchema } from './open-ticket.ts';
import type { Priority } from './ticket.ts';
import { ALERT_SEVERITIES } from './ticket-alert-rule.ts';
import { assertReferences } from './ticket-references.ts';
import type { TicketAlertRuleId, TicketQueueId, TicketTables } from './ticket-table.ts';

export const createQueueInput = z.object({ name: text({ max: 60 }) });
export const queueView = z.object({ id: idSchema('ticket-queue'), name: z.string(), isActive: z.boolean() });
export const alertRuleView = z.object({
  id: idSchema('ticket-alert-rule'),
  name: z.string(),
  place: z.int(),
  isActive: z.boolean(),
  isDefault: z.boolean(),
  minSeverity: z.enum(ALERT_SEVERITIES),
  clientIds: z.array(clientIdSchema),
  queueId: idSchema('ticket-queue').nullable(),
  priority: z.int().nullable(),
  version: z.int(),
});
const ruleFields = {
  name: text({ max: 120 }),
  place: z.int().min(0).max(10_000).default(100),
  isActive: z.boolean().default(true),
  minSeverity: z.enum(ALERT_SEVERITIES),
  /** None is every client. */
  clientIds: z.array(clientIdSchema).max(500).default([]),
  queueId: idSchema('ticket-queue').nullable().default(null),
  priority: prioritySchema.nullable().default(null),
};
export const createAlertRuleInput = z.object(ruleFields);
export const updateAlertRuleInput = z.object({
  ruleId: idSchema('ticket-alert-rule'),
  version: z.int(),
  ...ruleFields,
});

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** The MSP's queues, and the rules by which alerts become tickets. */
export class TicketQueues {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /** All queues, by name. */
  async list(scope: TenantScope): Promise<z.input<typeof queueView>[]> {
    const rows = await this.#db.read(scope, (query) =>
      query.selectFrom('ticket_queue').selectAll().orderBy('name').limit(200),
    );
    return rows.map((row) => ({ id: row.id, name: row.name, isActive: row.is_active }));
  }

  /** Throws `tickets.queue-name-taken`. */
  async create(scope: TenantScope, input: z.output<typeof createQueueInput>): Promise<{ queueId: TicketQueueId }> {
    return this.#db.transaction(scope, async (tx) => {
      const id = newId<'ticket-queue'>();
      const made = await tx.query
        .insertInto('ticket_queue')
        .values({ msp_id: scope.mspId, id, name: input.name, created_at: this.#deps.clock.now() })
        .onConflict((conflict) => conflict.columns(['msp_id', 'name']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made === undefined)
        throw new ConflictError('tickets.queue-name-taken', `There is a queue called ${input.name} already.`, {
          fields: [{ path: ['name'], message: 'is taken' }],
        });
      await this.#deps.audit.record(tx, {
        action: 'tickets.create-queue',
        subject: { kind: 'ticket-queue', id, clientId: null },
        summary: `Made the queue ${input.name}`,
        after: input,
      });
      return { queueId: id };
    });
  }

  /** The rules in the order in which they are asked. */
  async listRules(scope: TenantScope): Promise<z.input<typeof alertRuleView>[]> {
    const rows = await this.#db.read(scope, (query) =>
      query.selectFrom('ticket_alert_rule').selectAll().orderBy('place').orderBy('id').limit(500),
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      place: row.place,
      isActive: row.is_active,
      isDefault: row.is_default,
      minSeverity: row.min_severity,
      clientIds: row.client_ids,
      queueId: row.queue_id,
      priority: row.priority,
      version: row.version,
    }));
  }

  /** Throws `tenancy.client-not-found`, `tickets.reference-not-found`. */
  async createRule(
    scope: TenantScope,
    input: z.output<typeof createAlertRuleInput>,
  ): Promise<{ ruleId: TicketAlertRuleId }> {
    await this.#assertClients(scope, input.clientIds);
    return this.#db.transaction(scope, async (tx) => {
      await this.#assertQueue(tx, input.queueId);
      const id = newId<'ticket-alert-rule'>();
      await tx.query
        .insertInto('ticket_alert_rule')
        .values({ msp_id: scope.mspId, id, ...rowOf(input), created_at: this.#deps.clock.now() })
        .execute();
      await this.#audit(tx, id, `Made the alert rule ${input.name}`, input);
      return { ruleId: id };
    });
  }

  /** Throws `tickets.rule-not-found`, `tickets.rule-changed` on a stale version, `tenancy.client-not-found`, `tickets.reference-not-found`. */
  async updateRule(scope: TenantScope, input: z.output<typeof updateAlertRuleInput>): Promise<{ version: number }> {
    await this.#assertClients(scope, input.clientIds);
    return this.#db.transaction(scope, async (tx) => {
      await this.#assertQueue(tx, input.queueId);
      const known = await tx.query
        .selectFrom('ticket_alert_rule')
        .select('version')
        .where('id', '=', input.ruleId)
        .forUpdate()
        .executeTakeFirst();
      if (known === undefined) throw new NotFoundError('tickets.rule-not-found', 'There is no such rule.');
      if (known.version !== input.version)
        throw new ConflictError('tickets.rule-changed', 'Somebody else changed this rule meanwhile. Look at it again.');
      await tx.query
        .updateTable('ticket_alert_rule')
        .set({ ...rowOf(input), version: input.version + 1 })
        .where('id', '=', input.ruleId)
        .execute();
      await this.#audit(tx, input.ruleId, `Changed the alert rule ${input.name}`, input);
      return { version: input.version + 1 };
    });
  }

  async #assertClients(
    scope: TenantScope,
    clientIds: z.output<typeof createAlertRuleInput>['clientIds'],
  ): Promise<void> {
    for (const clientId of clientIds) await this.#deps.clients.get(scope, clientId);
  }

  async #assertQueue(tx: Parameters<typeof assertReferences>[0], queueId: TicketQueueId | null): Promise<void> {
    await assertReferences(tx, '' as never, { queueId });
  }

  async #audit(tx: Parameters<AuditTrail['record']>[0], id: string, summary: string, after: object): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'tickets.manage-alert-rule',
      subject: { kind: 'ticket-alert-rule', id, clientId: null },
      summary,
      after,
    });
  }
}

function rowOf(input: z.output<typeof createAlertRuleInput>) {
  return {
    name: input.name,
    place: input.place,
    is_active: input.isActive,
    min_severity: input.minSeverity,
    client_ids: input.clientIds,
    queue_id: input.queueId,
    priority: input.priority as Priority | null,
  };
}
