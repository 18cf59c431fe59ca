import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AgreementTables } from '#modules/agreements';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { RulesChanged } from './rules-changed.ts';
import type { SlaPolicyId, SlaTables } from './sla-table.ts';

const ticketType = text({ max: 60 }).nullable().default(null);

/**
 * For whom: a client's contract, a client or everybody (null), a type of ticket or all (null). What: a policy, `none` for "no SLA", or `inherit` to take the choice away. A contract is named
 * together with the client that made it.
 */
export const setChoiceInput = z.object({
  clientId: clientIdSchema.nullable().default(null),
  agreementId: idSchema('agreement').nullable().optional(),
  ticketType,
  policyId: z.union([idSchema('sla-policy'), z.literal('none'), z.literal('inherit')]),
});
export const choiceView = z.object({
  clientId: clientIdSchema.nullable(),
  agreementId: idSchema('agreement').nullable(),
  /** The contract's name; null with `agreementId`. */
  agreementName: z.string().nullable(),
  ticketType: z.string().nullable(),
  policyId: idSchema('sla-policy').nullable(),
});
export type ChoiceView = z.input<typeof choiceView>;

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly changed: RulesChanged;
}

/** Which policy holds for which tickets. */
export class SlaChoices {
  readonly #db: ScopedDb<SlaTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SlaTables>();
    this.#deps = deps;
  }

  /** All choices in reach, the default first. */
  async list(scope: TenantScope): Promise<ChoiceView[]> {
    const agreements = this.#db as unknown as ScopedDb<SlaTables & Pick<AgreementTables, 'agreement'>>;
    const [general, ofClients, ofAgreements] = await Promise.all([
      this.#db.read(scope, (query) => query.selectFrom('sla_choice').selectAll().orderBy('ticket_type').limit(100)),
      this.#db.read(scope, (query) =>
        query.selectFrom('sla_client_choice').selectAll().orderBy('client_id').orderBy('ticket_type').limit(5000),
      ),
      agreements.read(scope, (query) =>
        query
          .selectFrom('sla_agreement_choice')
          .innerJoin('agreement', 'agreement.id', 'sla_agreement_choice.agreement_id')
          .select([
            'sla_agreement_choice.client_id',
            'sla_agreement_choice.agreement_id',
            'agreement.name',
            'sla_agreement_choice.ticket_type',
            'sla_agreement_choice.policy_id',
          ])
          .orderBy('agreement.name')
          .orderBy('sla_agreement_choice.ticket_type')
          .limit(5000),
      ),
    ]);
    return [
      ...general.map((row) => ({ ...row, client_id: null, agreement_id: null, name: null })),
      ...ofClients.map((row) => ({ ...row, agreement_id: null, name: null })),
      ...ofAgreements,
    ].map((row) => ({
      clientId: row.client_id,
      agreementId: row.agreement_id,
      agreementName: row.name,
      ticketType: row.ticket_type,
      policyId: row.policy_id,
    }));
  }

  /** Throws `sla.policy-not-found`, `sla.agreement-not-found`, `tenancy.client-not-found`. */
  async set(scope: TenantScope, input: z.output<typeof setChoiceInput>, within?: AnyTransaction): Promise<void> {
    if (input.clientId !== null) await this.#deps.clients.get(scope, input.clientId);
    await this.#db.transaction(
      scope,
      async (tx) => {
        const policyId = input.policyId === 'none' || input.policyId === 'inherit' ? null : input.policyId;
        await assertPolicy(tx, policyId);
        await assertAgreement(tx, input);
        await write(tx, input, policyId);
        await this.#deps.audit.record(tx, {
          action: 'sla.set-choice',
          subject: {
            kind: 'sla-choice',
            id: input.agreementId ?? input.clientId ?? scope.mspId,
            clientId: input.clientId,
          },
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
  const known = await tx.query
    .selectFrom('sla_policy')
    .select('id')
    .where('id', '=', policyId)
    .where('kind', '=', 'sla')
    .where('retired_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  if (known === undefined)
    throw new NotFoundError('sla.policy-not-found', 'There is no such SLA policy.', {
      fields: [{ path: ['policyId'], message: 'is no policy of yours' }],
    });
}

async function assertAgreement(
  within: ScopedTransaction<SlaTables>,
  { clientId, agreementId }: z.output<typeof setChoiceInput>,
): Promise<void> {
  if (agreementId === undefined || agreementId === null) return;
  const known = await within
    .typed<AgreementTables>()
    .query.selectFrom('agreement')
    .select('client_id')
    .where('id', '=', agreementId)
    .executeTakeFirst();
  if (known === undefined || known.client_id !== clientId)
    throw new NotFoundError('sla.agreement-not-found', 'There is no such contract of this client.', {
      fields: [{ path: ['agreementId'], message: 'is no contract of this client' }],
    });
}

async function write(
  tx: ScopedTransaction<SlaTables>,
  { clientId, agreementId, ticketType: ticket_type, policyId: chosen }: z.output<typeof setChoiceInput>,
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
  if (agreementId !== undefined && agreementId !== null) {
    await tx.query
      .deleteFrom('sla_agreement_choice')
      .where('agreement_id', '=', agreementId)
      .where('ticket_type', 'is not distinct from', ticket_type)
      .execute();
    if (chosen !== 'inherit')
      await tx.query
        .insertInto('sla_agreement_choice')
        .values({ ...values, id: newId<'sla-agreement-choice'>(), client_id: clientId, agreement_id: agreementId })
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
