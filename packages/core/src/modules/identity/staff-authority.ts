import type { ClientId } from '#kernel/id';
import type { Actor, Reach, TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ApiKeyResolver } from './api-key-resolver.ts';
import type { ApiKeyId, IdentityTables, LoginId } from './identity-table.ts';
import type { MembershipFacts, ScopeFacts } from './membership-facts.ts';
import { reachOf } from './reach.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly facts: MembershipFacts;
  readonly apiKeys: ApiKeyResolver;
}

/** Says who stands behind an actor, and what that person may do now: for what is asked for today and done tomorrow. Every method takes a system scope of the MSP. */
export class StaffAuthority {
  readonly #db: ScopedDb<IdentityTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<IdentityTables>();
    this.#deps = deps;
  }

  /** The login of the person: of a key, its owner's. Null for what is no person: a job, a contact, the command line. */
  async personBehind(scope: TenantScope, actor: Pick<Actor, 'kind' | 'id'>): Promise<LoginId | null> {
    if (actor.kind === 'login') return actor.id as LoginId;
    if (actor.kind !== 'api-key') return null;
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('identity_api_key')
        .innerJoin('identity_staff', 'identity_staff.id', 'identity_api_key.staff_id')
        .select('identity_staff.login_id')
        .where('identity_api_key.id', '=', actor.id as ApiKeyId),
    );
    return row?.login_id ?? null;
  }

  /** What a login or a key may do now, to go on in its name; null for whoever is gone, and for what is neither. */
  async factsOf(scope: TenantScope, actor: Pick<Actor, 'kind' | 'id'>): Promise<ScopeFacts | null> {
    if (actor.kind === 'api-key') return this.#deps.apiKeys.facts(scope, actor.id as ApiKeyId);
    if (actor.kind !== 'login') return null;
    const loginId = actor.id as LoginId;
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('identity_staff').select('id').where('login_id', '=', loginId).where('removed_at', 'is', null),
    );
    return row === undefined ? null : this.#deps.facts.ofStaff(scope, row.id, loginId);
  }

  /** Whether a login or a key still holds a permission and still reaches the client (null: all clients). False for whoever is gone. */
  async mayStill(
    scope: TenantScope,
    actor: Pick<Actor, 'kind' | 'id'>,
    permission: string,
    clientId: ClientId | null,
  ): Promise<boolean> {
    if (actor.kind === 'api-key') {
      const facts = await this.#deps.apiKeys.facts(scope, actor.id as ApiKeyId);
      return facts !== null && facts.permissions.has(permission) && covers(facts.reach, clientId);
    }
    if (actor.kind !== 'login') return false;
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('identity_staff')
        .select('id')
        .where('login_id', '=', actor.id as LoginId)
        .where('removed_at', 'is', null),
    );
    const staff = row === undefined ? null : await this.#deps.facts.activeStaff(scope, row.id);
    if (staff === null) return false;
    const permissions = await this.#deps.facts.permissionsOf(scope, staff);
    return permissions.has(permission) && covers(await this.#deps.facts.withMerged(scope, reachOf(staff)), clientId);
  }
}

function covers(reach: Reach, clientId: ClientId | null): boolean {
  if (reach.kind === 'all') return true;
  if (clientId === null) return false;
  return reach.clientIds.includes(clientId) === (reach.kind === 'only');
}
