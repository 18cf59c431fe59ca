import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { TICKET_TYPES } from '#modules/desk-catalogue';
import { ASSIGNMENT_METHODS } from '#modules/teams';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { AssignmentRuleId, AssignmentTables } from './assignment-table.ts';

const MAX_RULES = 200;

const fields = {
  name: text({ max: 80 }),
  place: z.int().min(0).max(10_000).default(100),
  isActive: z.boolean().default(true),
  /** None is every client; as the other conditions. */
  clientIds: z.array(clientIdSchema).max(500).default([]),
  categoryIds: z.array(idSchema('desk-category')).max(200).default([]),
  queueIds: z.array(idSchema('ticket-queue')).max(200).default([]),
  ticketTypes: z.array(z.enum(TICKET_TYPES)).max(4).default([]),
  teamId: idSchema('team'),
  method: z.enum(ASSIGNMENT_METHODS),
  skillId: idSchema('team-skill').nullable().default(null),
};
export const createRuleInput = z.object(fields);
export const updateRuleInput = z.object({ ruleId: idSchema('assignment-rule'), version: z.int(), ...fields });
export const ruleView = z.object({
  id: idSchema('assignment-rule'),
  name: z.string(),
  place: z.int(),
  isActive: z.boolean(),
  clientIds: z.array(clientIdSchema),
  categoryIds: z.array(idSchema('desk-category')),
  queueIds: z.array(idSchema('ticket-queue')),
  ticketTypes: z.array(z.enum(TICKET_TYPES)),
  teamId: idSchema('team'),
  method: z.enum(ASSIGNMENT_METHODS),
  skillId: idSchema('team-skill').nullable(),
  version: z.int(),
});
type RuleInput = z.output<typeof createRuleInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}
interface NamedTables {
  client: { msp_id: string; id: string };
  desk_category: { msp_id: string; id: string };
  ticket_queue: { msp_id: string; id: string };
  team: { msp_id: string; id: string };
  team_skill: { msp_id: string; id: string };
}

/** The rules by which new tickets find their team, in the order in which they are asked. */
export class AssignmentRules {
  readonly #db: ScopedDb<AssignmentTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AssignmentTables>();
    this.#deps = deps;
  }

  async list(scope: TenantScope): Promise<z.input<typeof ruleView>[]> {
    const rows = await this.#db.read(scope, (query) =>
      query.selectFrom('assignment_rule').selectAll().orderBy('place').orderBy('id').limit(MAX_RULES),
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      place: row.place,
      isActive: row.is_active,
      clientIds: row.client_ids,
      categoryIds: row.category_ids,
      queueIds: row.queue_ids,
      ticketTypes: row.ticket_types,
      teamId: row.team_id,
      method: row.method,
      skillId: row.skill_id,
      version: row.version,
    }));
  }

  /** Throws `scope.needs-all-clients`, `ticket-assignment.reference-not-found`, `ticket-assignment.skill-missing`, `ticket-assignment.too-many-rules`. */
  async create(scope: TenantScope, input: RuleInput): Promise<{ ruleId: AssignmentRuleId }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      await assertRule(tx, input);
      const { count } = await tx.query
        .selectFrom('assignment_rule')
        .select((all) => all.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      if (count >= MAX_RULES)
        throw new ConflictError('ticket-assignment.too-many-rules', `There are ${MAX_RULES} rules already.`);
      const id = newId<'assignment-rule'>();
      await tx.query
        .insertInto('assignment_rule')
        .values({ msp_id: scope.mspId, id, ...rowOf(input), created_at: this.#deps.clock.now() })
        .execute();
      await this.#record(tx, id, `Made the assignment rule ${input.name}`, input);
      return { ruleId: id };
    });
  }

  /** Throws `ticket-assignment.rule-not-found`, `ticket-assignment.rule-changed` on a stale version, and as `create`. */
  async update(scope: TenantScope, input: z.output<typeof updateRuleInput>): Promise<{ version: number }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      await assertRule(tx, input);
      const before = await tx.query
        .selectFrom('assignment_rule')
        .select('version')
        .where('id', '=', input.ruleId)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw new NotFoundError('ticket-assignment.rule-not-found', 'There is no such rule.');
      if (before.version !== input.version)
        throw new ConflictError(
          'ticket-assignment.rule-changed',
          'Somebody else changed this rule meanwhile. Look at it again, then repeat your change.',
        );
      const version = before.version + 1;
      await tx.query
        .updateTable('assignment_rule')
        .set({ ...rowOf(input), version })
        .where('id', '=', input.ruleId)
        .execute();
      await this.#record(tx, input.ruleId, `Changed the assignment rule ${input.name}`, input);
      return { version };
    });
  }

  async #record(
    tx: ScopedTransaction<AssignmentTables>,
    id: AssignmentRuleId,
    summary: string,
    after: object,
  ): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'ticket-assignment.manage-rule',
      subject: { kind: 'assignment-rule', id, clientId: null },
      summary,
      after,
    });
  }
}

async function assertRule(tx: ScopedTransaction<AssignmentTables>, input: RuleInput): Promise<void> {
  if ((input.method === 'skill') !== (input.skillId !== null))
    throw new InvalidInputError(
      'ticket-assignment.skill-missing',
      'A skill goes with the method skill, and with no other.',
      {
        fields: [
          { path: ['skillId'], message: input.skillId === null ? 'must be chosen' : 'goes with the method skill' },
        ],
      },
    );
  const references = [
    ['clientIds', 'client', input.clientIds],
    ['categoryIds', 'desk_category', input.categoryIds],
    ['queueIds', 'ticket_queue', input.queueIds],
    ['teamId', 'team', [input.teamId]],
    ['skillId', 'team_skill', input.skillId === null ? [] : [input.skillId]],
  ] as const;
  for (const [field, table, ids] of references) {
    const wanted = [...new Set<string>(ids)];
    if (wanted.length === 0) continue;
    const known = await tx
      .typed<NamedTables>()
      .query.selectFrom(table)
      .select('id')
      .where('id', 'in', wanted)
      .execute();
    if (known.length < wanted.length)
      throw new NotFoundError('ticket-assignment.reference-not-found', `${field} names what is not there.`, {
        fields: [{ path: [field], message: 'is not of this MSP' }],
      });
  }
}

function rowOf(input: RuleInput) {
  return {
    name: input.name,
    place: input.place,
    is_active: input.isActive,
    client_ids: input.clientIds,
    category_ids: input.categoryIds,
    queue_ids: input.queueIds,
    ticket_types: input.ticketTypes,
    team_id: input.teamId,
    method: input.method,
    skill_id: input.skillId,
  };
}
