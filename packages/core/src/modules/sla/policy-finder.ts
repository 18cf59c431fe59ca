import { sql } from 'kysely';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AgreementId } from '#modules/agreements';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { SlaPolicyId, SlaPolicyVersionId, SlaTables } from './sla-table.ts';

/** What a choice is made by. `agreementId` is the agreement that holds for the ticket, which may be a parent client's. */
export interface ChooseFor {
  readonly clientId: ClientId;
  readonly agreementId: AgreementId | null;
  readonly type: string;
}

/** Which choice held, the most specific first; `nothing` where none was made for the ticket. */
export const CHOSEN_BY = ['agreement-type', 'agreement', 'client-type', 'client', 'type', 'all', 'nothing'] as const;
export type ChosenBy = (typeof CHOSEN_BY)[number];

/** The version of the policy that holds, null for "no SLA", and which choice says so. */
export interface ChosenPolicy {
  readonly versionId: SlaPolicyVersionId | null;
  readonly by: ChosenBy;
}

const REASONS: Readonly<Record<ChosenBy, string>> = {
  'agreement-type': 'Chosen for this type of ticket under the contract that holds.',
  agreement: 'Chosen for the contract that holds.',
  'client-type': 'Chosen for this client’s tickets of this type.',
  client: 'Chosen for this client.',
  type: 'Chosen for every ticket of this type.',
  all: 'Chosen for every ticket.',
  nothing: 'No policy is chosen for this ticket.',
};

/** Why a ticket has its policy, as a sentence. */
export function reasonOf(by: string): string {
  return REASONS[CHOSEN_BY.find((one) => one === by) ?? 'nothing'];
}

interface Row {
  readonly client_id: ClientId | null;
  readonly agreement_id: AgreementId | null;
  readonly ticket_type: string | null;
  readonly version_id: SlaPolicyVersionId | null;
}

/** Finds which policy holds: the contract's before the client's, that before the type's, that before everybody's; within each, a type of ticket before all. */
export class PolicyFinder {
  readonly #db: ScopedDb<SlaTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<SlaTables>();
  }

  /** For each, in order, what holds now. Three reads, however many are asked for. */
  async find(scope: TenantScope, wanted: readonly ChooseFor[]): Promise<ChosenPolicy[]> {
    const [general, ofClients, ofAgreements] = await Promise.all([
      this.#general(scope),
      this.#ofClients(scope, [...new Set(wanted.map(({ clientId }) => clientId))]),
      this.#ofAgreements(scope, [
        ...new Set(wanted.map(({ agreementId }) => agreementId).filter((one) => one !== null)),
      ]),
    ]);
    const rows = new Map(
      [...ofAgreements, ...ofClients, ...general].map((row) => [
        keyOf(row.agreement_id ?? row.client_id, row.ticket_type),
        row.version_id,
      ]),
    );
    return wanted.map((one) => {
      const found = placesOf(one).find(([key]) => rows.has(key));
      return found === undefined
        ? { versionId: null, by: 'nothing' }
        : { versionId: rows.get(found[0]) ?? null, by: found[1] };
    });
  }

  async #general(scope: TenantScope): Promise<Row[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('sla_choice')
        .leftJoin('sla_policy', 'sla_policy.id', 'sla_choice.policy_id')
        .select(['sla_choice.ticket_type', 'sla_policy.version_id']),
    );
    return rows.map((row) => ({ ...row, client_id: null, agreement_id: null }));
  }

  async #ofClients(scope: TenantScope, clientIds: readonly ClientId[]): Promise<Row[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('sla_client_choice')
        .leftJoin('sla_policy', 'sla_policy.id', 'sla_client_choice.policy_id')
        .select(['sla_client_choice.client_id', 'sla_client_choice.ticket_type', 'sla_policy.version_id'])
        .where('sla_client_choice.client_id', 'in', clientIds),
    );
    return rows.map((row) => ({ ...row, agreement_id: null }));
  }

  async #ofAgreements(scope: TenantScope, agreementIds: readonly AgreementId[]): Promise<Row[]> {
    if (agreementIds.length === 0) return [];
    const found = sql<{
      agreement_id: AgreementId;
      ticket_type: string | null;
      policy_id: SlaPolicyId | null;
    }>`sla_find_agreement_choices(${sql.val(agreementIds)}::uuid[])`;
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom(found.as<'found'>(sql`found(agreement_id, ticket_type, policy_id)`))
        .leftJoin('sla_policy', 'sla_policy.id', 'found.policy_id')
        .select(['found.agreement_id', 'found.ticket_type', 'sla_policy.version_id']),
    );
    return rows.map((row) => ({ ...row, client_id: null }));
  }
}

function placesOf({ clientId, agreementId, type }: ChooseFor): (readonly [string, ChosenBy])[] {
  return [
    ...(agreementId === null
      ? []
      : ([
          [keyOf(agreementId, type), 'agreement-type'],
          [keyOf(agreementId, null), 'agreement'],
        ] as const)),
    [keyOf(clientId, type), 'client-type'],
    [keyOf(clientId, null), 'client'],
    [keyOf(null, type), 'type'],
    [keyOf(null, null), 'all'],
  ];
}

function keyOf(id: string | null, type: string | null): string {
  return `${id ?? '*'}/${type ?? '*'}`;
}
