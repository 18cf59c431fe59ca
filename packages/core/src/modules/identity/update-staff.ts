import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { instantSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { CredentialResolver } from './credential-resolver.ts';
import { assertGrantable, reachSchema, requireFullReach, roleIdSchema, staffIdSchema } from './grant.ts';
import type { IdentityTables, StaffId } from './identity-table.ts';
import type { MembershipFacts, StaffRow } from './membership-facts.ts';
import { STANDARD_ROLES } from './permission-catalogue.ts';
import { reachOf, storedReach } from './reach.ts';

export const updateStaffInput = z.object({
  staffId: staffIdSchema,
  version: z.int(),
  standardRoles: z.array(z.enum(STANDARD_ROLES)).max(5).optional(),
  roleIds: z.array(roleIdSchema).max(50).optional(),
  reach: reachSchema.optional(),
  expiresAt: instantSchema.nullable().optional(),
});
export const removeStaffInput = z.object({ staffId: staffIdSchema, version: z.int() });

interface Deps {
  readonly db: ScopedDb;
  readonly facts: MembershipFacts;
  readonly directory: Directory;
  readonly resolver: CredentialResolver;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Changes what members of staff may do, or ends their membership. Their logins stay: they are not the MSP's. */
export class UpdateStaff {
  readonly #db: ScopedDb<IdentityTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<IdentityTables>();
    this.#deps = deps;
  }

  /** Throws `identity.staff-not-found`, `identity.staff-changed`, `identity.last-administrator`, `identity.grant-too-wide`. */
  async run(scope: TenantScope, input: z.output<typeof updateStaffInput>): Promise<{ version: number }> {
    return this.#change(scope, input, async (tx, before) => {
      const grant = {
        standardRoles: input.standardRoles ?? before.standard_roles,
        roleIds: input.roleIds ?? before.role_ids,
        reach: input.reach ?? reachOf(before),
      };
      await assertGrantable(tx, this.#deps.facts, scope, grant);
      const expiresAt = input.expiresAt === undefined ? before.expires_at : input.expiresAt;
      const change = {
        standard_roles: grant.standardRoles,
        role_ids: grant.roleIds as never,
        ...storedReach(grant.reach),
        expires_at: expiresAt,
      };
      return { change, summary: `Changed what ${before.name} may do` };
    });
  }

  /** Ends a membership at once, with its API keys. */
  async remove(scope: TenantScope, input: z.output<typeof removeStaffInput>): Promise<{ version: number }> {
    return this.#change(scope, input, async (tx, before) => {
      const now = this.#deps.clock.now();
      const keys = await tx.query
        .updateTable('identity_api_key')
        .set({ revoked_at: now })
        .where('staff_id', '=', before.id)
        .where('revoked_at', 'is', null)
        .returning('id')
        .execute();
      for (const key of keys) await this.#deps.directory.removeRoutes(tx, 'api-key', key.id);
      await this.#deps.directory.removeMembership(tx, before.id);
      return { change: { removed_at: now }, summary: `Ended the membership of ${before.name}` };
    });
  }

  async #change(
    scope: TenantScope,
    input: { staffId: StaffId; version: number },
    work: (
      tx: ScopedTransaction<IdentityTables>,
      before: StaffRow,
    ) => Promise<{ change: Partial<StaffRow>; summary: string }>,
  ): Promise<{ version: number }> {
    requireFullReach(scope);
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('identity_staff')
        .selectAll()
        .where('id', '=', input.staffId)
        .where('removed_at', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined)
        throw new NotFoundError('identity.staff-not-found', 'There is no such member of staff.');
      if (before.version !== input.version)
        throw new ConflictError(
          'identity.staff-changed',
          'Somebody else changed this member of staff meanwhile. Look again, then repeat your change.',
        );
      const { change, summary } = await work(tx, before);
      await tx.query
        .updateTable('identity_staff')
        .set({ ...change, version: before.version + 1 })
        .where('id', '=', before.id)
        .execute();
      await this.#keepAnAdministrator(tx);
      await this.#deps.audit.record(tx, {
        action: change.removed_at === undefined ? 'identity.update-staff' : 'identity.remove-staff',
        subject: { kind: 'staff', id: before.id, clientId: null },
        summary,
        before: Object.fromEntries(Object.keys(change).map((name) => [name, before[name as keyof StaffRow]])),
        after: change,
      });
      tx.onCommit(() => this.#deps.resolver.forget());
      return { version: before.version + 1 };
    });
  }

  /** An MSP without anybody who can let others in could only be rescued from the command line. The rows are locked in order, so that two cannot remove each other. */
  async #keepAnAdministrator(tx: ScopedTransaction<IdentityTables>): Promise<void> {
    const rows = await tx.query
      .selectFrom('identity_staff')
      .select(['standard_roles', 'reach', 'expires_at'])
      .where('removed_at', 'is', null)
      .orderBy('id')
      .forUpdate()
      .execute();
    const isLeft = rows.some(
      (row) => row.standard_roles.includes('administrator') && row.reach === 'all' && row.expires_at === null,
    );
    if (!isLeft)
      throw new ConflictError(
        'identity.last-administrator',
        'Somebody must stay administrator over all clients and without an end.',
      );
  }
}
