import type { Selectable } from 'kysely';
import type { Clock } from '#kernel/clock';
import type { ClientId, MspId } from '#kernel/id';
import type { Actor, Audience, Reach, TenantScope } from '#kernel/tenant-scope';
import type { ClientQueries, ContactQueries } from '#modules/tenancy';
import { type ContactId } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { IdentityTables, LoginId, StaffId } from './identity-table.ts';
import { OWN_ACCOUNT, type PermissionCatalogue } from './permission-catalogue.ts';
import { reachOf } from './reach.ts';

/** What a scope is made of, once somebody has proved a membership. */
export interface ScopeFacts {
  readonly mspId: MspId;
  readonly reach: Reach;
  readonly audience: Audience;
  readonly actor: Actor;
  readonly permissions: ReadonlySet<string>;
  readonly client?: { readonly id: ClientId; readonly name: string };
}

export type StaffRow = Selectable<IdentityTables['identity_staff']>;

interface Deps {
  readonly db: ScopedDb;
  readonly catalogue: PermissionCatalogue;
  readonly contacts: ContactQueries;
  readonly clients: ClientQueries;
  readonly clock: Clock;
}

/** Turns memberships into what they allow. Every method takes a system scope of the MSP. */
export class MembershipFacts {
  readonly #db: ScopedDb<IdentityTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<IdentityTables>();
    this.#deps = deps;
  }

  /** A member of staff who is neither removed nor expired, or null. */
  async activeStaff(scope: TenantScope, staffId: StaffId): Promise<StaffRow | null> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('identity_staff').selectAll().where('id', '=', staffId).where('removed_at', 'is', null),
    );
    if (row === undefined) return null;
    const hasExpired = row.expires_at !== null && Temporal.Instant.compare(row.expires_at, this.#deps.clock.now()) <= 0;
    return hasExpired ? null : row;
  }

  /** What a login may do as staff; null where the membership is not theirs or not any more. */
  async ofStaff(scope: TenantScope, staffId: StaffId, loginId: LoginId): Promise<ScopeFacts | null> {
    const staff = await this.activeStaff(scope, staffId);
    if (staff === null || staff.login_id !== loginId) return null;
    const permissions = await this.permissionsOf(scope, staff);
    return {
      mspId: scope.mspId,
      reach: await this.withMerged(scope, reachOf(staff)),
      audience: 'staff',
      actor: { kind: 'login', id: staff.login_id, label: staff.name },
      permissions: new Set([...permissions, OWN_ACCOUNT]),
    };
  }

  /** All permissions of a member's roles. A role that is gone gives nothing. */
  async permissionsOf(scope: TenantScope, grant: Pick<StaffRow, 'standard_roles' | 'role_ids'>): Promise<Set<string>> {
    const permissions = new Set(grant.standard_roles.flatMap((role) => this.#deps.catalogue.of(role as never)));
    if (grant.role_ids.length > 0) {
      const roles = await this.#db.read(scope, (query) =>
        query.selectFrom('identity_role').select('permissions').where('id', 'in', grant.role_ids),
      );
      for (const role of roles) for (const permission of role.permissions) permissions.add(permission);
    }
    return permissions;
  }

  /** A reach that names a client covers what was merged into it, and one that denies a client denies that too. */
  async withMerged(scope: TenantScope, reach: Reach): Promise<Reach> {
    if (reach.kind === 'all') return reach;
    return { kind: reach.kind, clientIds: await this.#deps.clients.withMerged(scope, reach.clientIds) };
  }

  /** What a login may do as a contact in the portal; null where that contact is not theirs or may not enter. */
  async ofContact(scope: TenantScope, contactId: ContactId, loginId: LoginId): Promise<ScopeFacts | null> {
    const contact = await this.#deps.contacts.find(scope, contactId);
    if (contact === null || !contact.isActive || contact.portalRole === 'none') return null;
    const link = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('identity_portal_login')
        .select('login_id')
        .where('person_id', '=', contact.personId as never),
    );
    if (link?.login_id !== loginId) return null;
    const client = await this.#deps.clients.get(scope, contact.clientId as ClientId);
    return {
      mspId: scope.mspId,
      reach: await this.withMerged(scope, { kind: 'only', clientIds: [client.id as ClientId] }),
      audience: 'client',
      actor: { kind: 'contact', id: contact.id, label: contact.name },
      permissions: new Set([...this.#deps.catalogue.of('portal'), OWN_ACCOUNT]),
      client: { id: client.id as ClientId, name: client.name },
    };
  }
}
