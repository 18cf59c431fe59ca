import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ForbiddenError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { CredentialResolver } from './credential-resolver.ts';
import { apiKeyIdSchema, assertClients, reachSchema } from './grant.ts';
import type { ApiKeyId, IdentityTables, LoginId } from './identity-table.ts';
import type { MembershipFacts, StaffRow } from './membership-facts.ts';
import type { PermissionCatalogue } from './permission-catalogue.ts';
import { covers, reachOf, storedReach } from './reach.ts';
import type { StaffQueries } from './staff-queries.ts';

export const createApiKeyInput = z.object({
  name: text({ max: 80 }),
  permissions: z.array(z.string().max(100)).min(1, { error: 'must name at least one permission' }).max(500),
  reach: reachSchema.default({ kind: 'all' }),
  days: z.int().min(1).max(366, { error: 'must be at most 366 days' }).default(90),
});
export const revokeApiKeyInput = z.object({ apiKeyId: apiKeyIdSchema });
export const apiKeyView = z.object({
  id: apiKeyIdSchema,
  name: z.string(),
  prefix: z.string(),
  permissions: z.array(z.string()),
  reach: reachSchema,
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
type CreateInput = z.output<typeof createApiKeyInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly staff: StaffQueries;
  readonly facts: MembershipFacts;
  readonly catalogue: PermissionCatalogue;
  readonly directory: Directory;
  readonly resolver: CredentialResolver;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Keys by which programs act for a member of staff. Stored as hashes; the key itself is answered once, when it is made. */
export class ApiKeys {
  readonly #db: ScopedDb<IdentityTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<IdentityTables>();
    this.#deps = deps;
  }

  /** One's own keys that still work, newest first. */
  async listOwn(scope: TenantScope): Promise<z.input<typeof apiKeyView>[]> {
    const loginId = ownLogin(scope);
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('identity_api_key')
        .selectAll()
        .where('staff_id', 'in', (own) =>
          own.selectFrom('identity_staff').select('identity_staff.id').where('login_id', '=', loginId),
        )
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', this.#deps.clock.now())
        .orderBy('id', 'desc')
        .limit(200),
    );
    return rows.map((row) => {
      const reach = reachOf(row);
      return {
        id: row.id,
        name: row.name,
        prefix: row.prefix,
        permissions: row.permissions,
        reach: reach.kind === 'all' ? reach : { kind: reach.kind, clientIds: [...reach.clientIds] },
        expiresAt: row.expires_at.toString(),
        lastUsedAt: row.last_used_at?.toString() ?? null,
        createdAt: row.created_at.toString(),
      };
    });
  }

  /** A key of one's own. Throws `identity.unknown-permission`, `identity.grant-too-wide`, `tenancy.client-not-found`. */
  async createOwn(scope: TenantScope, input: CreateInput): Promise<{ apiKeyId: ApiKeyId; secret: string }> {
    return this.createFor(scope, await this.#own(scope), input);
  }

  /** A key for a member of staff, from the command line. */
  async createFor(
    scope: TenantScope,
    owner: StaffRow,
    input: CreateInput,
  ): Promise<{ apiKeyId: ApiKeyId; secret: string }> {
    const { catalogue, facts, directory, audit, clock } = this.#deps;
    catalogue.assertKnown(input.permissions);
    const held = await facts.permissionsOf(scope, owner);
    const missing = input.permissions.findIndex((name) => !held.has(name));
    if (missing >= 0)
      throw new ForbiddenError(
        'identity.grant-too-wide',
        `The key's owner does not hold ${input.permissions[missing]}.`,
        {
          fields: [{ path: ['permissions', missing], message: 'is not held by the owner' }],
        },
      );
    return this.#db.transaction(scope, async (tx) => {
      await assertClients(tx, input.reach);
      if (input.reach.kind === 'only' && !covers(reachOf(owner), input.reach))
        throw new InvalidInputError(
          'identity.grant-too-wide',
          'The key names a client that its owner does not reach.',
          {
            fields: [{ path: ['reach'], message: 'names a client beyond the owner' }],
          },
        );
      const id: ApiKeyId = newId();
      const secret = `bwk_${randomBytes(32).toString('base64url')}`;
      const now = clock.now();
      const expiresAt = now.add({ hours: input.days * 24 });
      const key = {
        name: input.name,
        permissions: [...new Set(input.permissions)],
        ...storedReach(input.reach),
        expires_at: expiresAt,
      };
      await tx.query
        .insertInto('identity_api_key')
        .values({
          ...key,
          msp_id: scope.mspId,
          id,
          staff_id: owner.id,
          prefix: secret.slice(0, 10),
          revoked_at: null,
          last_used_at: null,
          created_at: now,
        })
        .execute();
      await directory.addRoute(tx, { kind: 'api-key', secret, subjectId: id, expiresAt });
      await audit.record(tx, {
        action: 'identity.create-api-key',
        subject: { kind: 'api-key', id, clientId: null },
        summary: `Made the API key ${input.name} for ${owner.name}`,
        after: { name: key.name, permissions: key.permissions, reach: input.reach, expires_at: expiresAt },
      });
      return { apiKeyId: id, secret };
    });
  }

  /** Ends one's own key at once. Throws `identity.api-key-not-found`. */
  async revokeOwn(scope: TenantScope, apiKeyId: ApiKeyId): Promise<Record<string, never>> {
    const owner = await this.#own(scope);
    return this.#db.transaction(scope, async (tx) => {
      const key = await tx.query
        .updateTable('identity_api_key')
        .set({ revoked_at: this.#deps.clock.now() })
        .where('id', '=', apiKeyId)
        .where('staff_id', '=', owner.id)
        .where('revoked_at', 'is', null)
        .returning('name')
        .executeTakeFirst();
      if (key === undefined) throw new NotFoundError('identity.api-key-not-found', 'There is no such key of yours.');
      await this.#deps.directory.removeRoutes(tx, 'api-key', apiKeyId);
      await this.#deps.audit.record(tx, {
        action: 'identity.revoke-api-key',
        subject: { kind: 'api-key', id: apiKeyId, clientId: null },
        summary: `Revoked the API key ${key.name}`,
      });
      tx.onCommit(() => this.#deps.resolver.forget());
      return {};
    });
  }

  #own(scope: TenantScope): Promise<StaffRow> {
    return this.#deps.staff.ofLogin(scope, ownLogin(scope));
  }
}

function ownLogin(scope: TenantScope): LoginId {
  if (scope.actor.kind !== 'login')
    throw new ForbiddenError('identity.interactive-only', 'Only a person who is signed in manages keys.');
  return scope.actor.id as LoginId;
}
