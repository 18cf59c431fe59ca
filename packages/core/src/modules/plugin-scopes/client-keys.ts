import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, type ClientId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { connectionIdSchema, type ConnectionQueries } from '#modules/plugin-host';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import { KEY_KINDS, toKey } from './evidence.ts';
import type { KeyStore } from './key-store.ts';
import { matchScopes } from './scope-jobs.ts';
import type { PluginScopeTables, ScopeKeyId } from './scope-table.ts';

export const listClientKeysInput = z.object({ clientId: clientIdSchema });
export const addClientKeyInput = z.object({
  clientId: clientIdSchema,
  kind: z.enum(KEY_KINDS),
  value: text({ max: 300 }),
  /** Where the number is used: needed for customer numbers, and for tenant ids that are no UUID. */
  connectionId: connectionIdSchema.optional(),
});
export const removeClientKeyInput = z.object({ keyId: idSchema('plugin-scope-key') });
export const clientKeyView = z.object({
  id: idSchema('plugin-scope-key'),
  kind: z.enum(KEY_KINDS),
  value: z.string(),
  /** True where a mapping taught it; false where a person typed it. */
  isLearned: z.boolean(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: KeyStore;
  readonly clients: ClientQueries;
  readonly connections: ConnectionQueries;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** What is one client's and nobody else's, and so maps scopes by itself: learned from mappings, or typed by a person. */
export class ClientKeys {
  readonly #db: ScopedDb<PluginScopeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginScopeTables>();
    this.#deps = deps;
  }

  /** The keys of a client, by kind and value. A client has some dozens, so there are no pages. */
  async list(scope: TenantScope, clientId: ClientId): Promise<z.input<typeof clientKeyView>[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('plugin_scope_key')
        .selectAll()
        .where('client_id', '=', clientId)
        .orderBy('kind')
        .orderBy('value')
        .orderBy('id')
        .limit(1000),
    );
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      value: row.value,
      isLearned: row.learned_from !== null,
      createdAt: row.created_at.toString(),
      createdBy: row.created_by,
    }));
  }

  /** Throws `tenancy.client-not-found`, `plugin-scopes.key-tells-nothing`, `plugin-scopes.key-known`. Needs reach over all clients, since it decides what is whose. */
  async add(scope: TenantScope, input: z.output<typeof addClientKeyInput>): Promise<{ keyId: ScopeKeyId }> {
    requireWholeMsp(scope);
    const { store, clients, connections, audit, jobs, clock } = this.#deps;
    await clients.get(scope, input.clientId);
    const connection = input.connectionId === undefined ? null : await connections.byId(scope, input.connectionId);
    const hint = toKey(input.kind, input.value, {
      plugin: connection?.plugin ?? '',
      connectionId: connection?.id ?? '',
    });
    const isLoose = hint !== null && hint.namespace === '' && input.kind === 'customer-number';
    if (hint === null || isLoose)
      throw new InvalidInputError('plugin-scopes.key-tells-nothing', 'This tells no client from another.', {
        fields: [
          isLoose
            ? { path: ['connectionId'], message: 'must be given: two vendors may use the same number' }
            : { path: ['value'], message: 'tells no client from another' },
        ],
      });
    return this.#db.transaction(scope, async (tx) => {
      const keyId = await store.add(tx, {
        clientId: input.clientId,
        hint,
        by: scope.actor.label,
        at: clock.now(),
      });
      if (keyId === null)
        throw new ConflictError('plugin-scopes.key-known', 'This is known of the client already.', {
          fields: [{ path: ['value'], message: 'is known already' }],
        });
      await audit.record(tx, {
        action: 'plugin-scopes.add-client-key',
        subject: { kind: 'client', id: input.clientId, clientId: input.clientId },
        summary: `Stated that the ${input.kind} ${hint.value} is the client’s`,
      });
      await jobs.send(tx, matchScopes, {}, { singletonKey: 'match' });
      return { keyId };
    });
  }

  /** Throws `plugin-scopes.key-not-found`. Mappings that it led to stay. */
  async remove(scope: TenantScope, keyId: ScopeKeyId): Promise<Record<string, never>> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const gone = await this.#deps.store.remove(tx, keyId);
      if (gone === undefined) throw new NotFoundError('plugin-scopes.key-not-found', 'There is no such key.');
      await this.#deps.audit.record(tx, {
        action: 'plugin-scopes.remove-client-key',
        subject: { kind: 'client', id: gone.client_id, clientId: gone.client_id },
        summary: `Took back that the ${gone.kind} ${gone.value} is the client’s`,
      });
      return {};
    });
  }
}
