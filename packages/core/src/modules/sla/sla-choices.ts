import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId, type ClientId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { RulesChanged } from './rules-changed.ts';
import type { SlaPolicyId, SlaPolicyVersionId, SlaTables } from './sla-table.ts';

const ticketType = text({ max: 60 }).nullable().default(null);

/** For whom: a client or everybody (null), a type of ticket or all (null). What: a policy, `none` for "no SLA", or `inherit` to take the choice away. */
export const setChoiceInput = z.object({
  clientId: clientIdSchema.nullable().default(null),
  ticketType,
  policyId: z.union([idSchema('sla-policy'), z.literal('none'), z.literal('inherit')]),
});
export const choiceView = z.object({
  clientId: clientIdSchema.nullable(),
  ticketType: z.string().nullable(),
  policyId: idSchema('sla-policy').nullable(),
});
export type ChoiceView = z.input<typeof choiceView>;

/** What a choice is made by. */
export interface ChooseFor {
  readonly clientId: ClientId;
  readonly type: string;
}

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly changed: RulesChanged;
}

interface Row {
  readonly client_id: ClientId | null;
  readonly ticket_type: string | null;
  readonly version_id: SlaPolicyVersionId | null;
}

/** Which policy holds for which tickets. */
export class SlaChoices {
  readonly #db: ScopedDb<SlaTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SlaTables>();
    this.#deps = deps;
  }

  /** For each, in order, the version of the policy that holds now, the most specific choice first: client and type, client, type, default. Null is "no SLA". */
  async versionsFor(scope: TenantScope, wanted: readonly ChooseFor[]): Promise<(SlaPolicyVersionId | null)[]> {
    const clientIds = [...new Set(wanted.map(({ clientId }) => clientId))];
    const [general, ofClients] = await Promise.all([
      this.#db.read(scope, (query) =>
        query
          .selectFrom('sla_choice')
          .leftJoin('sla_policy', 'sla_policy.id', 'sla_choice.policy_id')
          .select(['sla_choice.ticket_type', 'sla_policy.version_id']),
      ),
      this.#db.read(scope, (query) =>
        query
          .selectFrom('sla_client_choice')
          .leftJoin('sla_policy', 'sla_policy.id', 'sla_client_choice.policy_id')
          .select(['sla_client_choice.client_id', 'sla_client_choice.ticket_type', 'sla_policy.version_id'])
          .where('sla_client_choice.client_id', 'in', clientIds),
      ),
    ]);
    const rows = new Map(
      [...ofClients, ...general.map((row) => ({ ...row, client_id: null }))].map((row: Row) => [
        keyOf(row.client_id, row.ticket_type),
        row.version_id,
      ]),
    );
    return wanted.map(({ clientId, type }) => {
      const places = [keyOf(clientId, type), keyOf(clientId, null), keyOf(null, type), keyOf(null, null)];
      const found = places.find((place) => rows.has(place));
      return found === undefined ? null : (rows.get(found) ?? null);
    });
  }

  /** All choices in reach, the default first. */
  async list(scope: TenantScope): Promise<ChoiceView[]> {
    const [general, ofClients] = await Promise.all([
      this.#db.read(scope, (query) => query.selectFrom('sla_choice').selectAll().orderBy('ticket_type').limit(100)),
      this.#db.read(scope, (query) =>
        query.selectFrom('sla_client_choice').selectAll().orderBy('client_id').orderBy('ticket_type').limit(5000),
      ),
    ]);
    return [...general.map((row) => ({ ...row, client_id: null })), ...ofClients].map((row) => ({
      clientId: row.client_id,
      ticketType: row.ticket_type,
      policyId: row.policy_id,
    }));
  }

  /** Throws `sla.policy-not-found`, `tenancy.client-not-found`. */
  async set(scope: TenantScope, input: z.output<typeof setChoiceInput>, within?: AnyTransaction): Promise<void> {
    if (input.clientId !== null) await this.#deps.clients.get(scope, input.clientId);
    await this.#db.transaction(
      scope,
      async (tx) => {
        const policyId = input.policyId === 'none' || input.policyId === 'inherit' ? null : input.policyId;
        await assertPolicy(tx, policyId);
        await write(tx, input, policyId);
        await this.#deps.audit.record(tx, {
          action: 'sla.set-choice',
          subject: { kind: 'sla-choice', id: input.clientId ?? scope.mspId, clientId: input.clientId },
          summary: 'Chose the SLA policy of tickets',
          after: input,
        });
        await this.#deps.changed.announce(tx);
      },
      within,
    );
  }
}

async function assertPolicy(tx: ScopedTransaction<SlaTables>, policyId: SlaPolicyId | null): Promise<void> {
  if (policyId === null) return;
  const known = await tx.query.selectFrom('sla_policy').select('id').where('id', '=', policyId).executeTakeFirst();
  if (known === undefined)
    throw new NotFoundError('sla.policy-not-found', 'There is no such SLA policy.', {
      fields: [{ path: ['policyId'], message: 'is no policy of yours' }],
    });
}

async function write(
  tx: ScopedTransaction<SlaTables>,
  { clientId, ticketType: ticket_type, policyId: chosen }: z.output<typeof setChoiceInput>,
  policy_id: SlaPolicyId | null,
): Promise<void> {
  const values = { msp_id: tx.scope.mspId, ticket_type, policy_id };
  if (clientId === null) {
    await tx.query.deleteFrom('sla_choice').where('ticket_type', 'is not distinct from', ticket_type).execute();
    if (chosen !== 'inherit')
      await tx.query
        .insertInto('sla_choice')
        .values({ ...values, id: newId<'sla-choice'>() })
        .execute();
    return;
  }
  await tx.query
    .deleteFrom('sla_client_choice')
    .where('client_id', '=', clientId)
    .where('ticket_type', 'is not distinct from', ticket_type)
    .execute();
  if (chosen !== 'inherit')
    await tx.query
      .insertInto('sla_client_choice')
      .values({ ...values, id: newId<'sla-client-choice'>(), client_id: clientId })
      .execute();
}

function keyOf(clientId: string | null, type: string | null): string {
  return `${clientId ?? '*'}/${type ?? '*'}`;
}
