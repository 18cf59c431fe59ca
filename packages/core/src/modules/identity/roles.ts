import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, ForbiddenError, NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { CredentialResolver } from './credential-resolver.ts';
import { requireFullReach, roleIdSchema } from './grant.ts';
import type { IdentityTables, RoleId } from './identity-table.ts';
import { STANDARD_ROLES, type PermissionCatalogue } from './permission-catalogue.ts';

const permissions = z.array(z.string().max(100)).min(1, { error: 'must name at least one permission' }).max(500);
export const createRoleInput = z.object({ name: text({ max: 80 }), permissions });
export const updateRoleInput = z.object({
  roleId: roleIdSchema,
  version: z.int(),
  name: text({ max: 80 }).optional(),
  permissions: permissions.optional(),
});
export const rolesView = z.object({
  standard: z.array(z.object({ name: z.enum(STANDARD_ROLES), permissions: z.array(z.string()) })),
  custom: z.array(z.object({ id: roleIdSchema, name: z.string(), permissions: z.array(z.string()), version: z.int() })),
  permissions: z.array(z.object({ name: z.string(), title: z.string() })),
});

interface Deps {
  readonly db: ScopedDb;
  readonly catalogue: PermissionCatalogue;
  readonly resolver: CredentialResolver;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Named sets of permissions: those that every MSP has, and the MSP's own. */
export class Roles {
  readonly #db: ScopedDb<IdentityTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<IdentityTables>();
    this.#deps = deps;
  }

  async list(scope: TenantScope): Promise<z.input<typeof rolesView>> {
    const { catalogue } = this.#deps;
    const rows = await this.#db.read(scope, (query) =>
      query.selectFrom('identity_role').selectAll().orderBy('name').limit(200),
    );
    return {
      standard: STANDARD_ROLES.map((name) => ({ name, permissions: catalogue.of(name) })),
      custom: rows.map((row) => ({
        id: row.id,
        name: row.name,
        permissions: row.permissions,
        version: row.version,
      })),
      permissions: catalogue.all.map(({ name, title }) => ({ name, title })),
    };
  }

  /** Throws `identity.role-name-taken`, `identity.unknown-permission`, `identity.grant-too-wide`. */
  async create(scope: TenantScope, input: z.output<typeof createRoleInput>): Promise<{ roleId: RoleId }> {
    this.#assertMayHold(scope, input.permissions);
    return this.#db.transaction(scope, async (tx) => {
      const id: RoleId = newId();
      await assertNameFree(tx, input.name);
      await tx.query
        .insertInto('identity_role')
        .values({
          msp_id: scope.mspId,
          id,
          name: input.name,
          permissions: [...new Set(input.permissions)],
          created_at: this.#deps.clock.now(),
        })
        .execute();
      await this.#deps.audit.record(tx, {
        action: 'identity.create-role',
        subject: { kind: 'role', id, clientId: null },
        summary: `Made the role ${input.name}`,
        after: { permissions: input.permissions },
      });
      return { roleId: id };
    });
  }

  /** Throws as `create`, and `identity.role-not-found`, `identity.role-changed`. Whoever holds the role is changed at once. */
  async update(scope: TenantScope, input: z.output<typeof updateRoleInput>): Promise<{ version: number }> {
    requireFullReach(scope);
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('identity_role')
        .selectAll()
        .where('id', '=', input.roleId)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw new NotFoundError('identity.role-not-found', 'There is no such role.');
      if (before.version !== input.version)
        throw new ConflictError(
          'identity.role-changed',
          'Somebody else changed this role meanwhile. Look again first.',
        );
      const after = { name: input.name ?? before.name, permissions: input.permissions ?? before.permissions };
      this.#assertMayHold(scope, after.permissions);
      if (after.name !== before.name) await assertNameFree(tx, after.name);
      await tx.query
        .updateTable('identity_role')
        .set({ ...after, permissions: [...new Set(after.permissions)], version: before.version + 1 })
        .where('id', '=', before.id)
        .execute();
      await this.#deps.audit.record(tx, {
        action: 'identity.update-role',
        subject: { kind: 'role', id: before.id, clientId: null },
        summary: `Changed the role ${before.name}`,
        before: { name: before.name, permissions: before.permissions },
        after,
      });
      tx.onCommit(() => this.#deps.resolver.forget());
      return { version: before.version + 1 };
    });
  }

  #assertMayHold(scope: TenantScope, wanted: readonly string[]): void {
    requireFullReach(scope);
    this.#deps.catalogue.assertKnown(wanted);
    const missing = wanted.find((name) => scope.audience !== 'system' && !scope.permissions.has(name));
    if (missing !== undefined)
      throw new ForbiddenError(
        'identity.grant-too-wide',
        `You cannot give the permission ${missing}, which you do not hold.`,
      );
  }
}

async function assertNameFree(tx: ScopedTransaction<IdentityTables>, name: string): Promise<void> {
  const taken = await tx.query.selectFrom('identity_role').select('id').where('name', '=', name).executeTakeFirst();
  if (taken !== undefined)
    throw new ConflictError('identity.role-name-taken', `There is a role ${name} already.`, {
      fields: [{ path: ['name'], message: 'is taken' }],
    });
}
