import { z } from 'zod';
import { ConflictError } from '#kernel/errors';
import { clientIdSchema, idSchema, type ClientId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { ConnectionQueries } from '#modules/plugin-host';
import { assertSite, type ClientQueries, type SiteId } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { MappingWriter, WantedMapping } from './mapping-writer.ts';
import { remoteScopeIdSchema, type RemoteScopeId } from './remote-scope.ts';
import { matchScopes } from './scope-jobs.ts';
import { scopeNotFound } from './scope-queries.ts';
import type { ScopeRow, ScopeStore } from './scope-store.ts';
import type { PluginScopeTables } from './scope-table.ts';

const reason = text({ min: 0, max: 500 }).default('');
/** As many as a screen selects at once. */
const scopeIds = z.array(remoteScopeIdSchema).min(1).max(1000);

export const mapScopeInput = z.object({
  scopeId: remoteScopeIdSchema,
  version: z.int(),
  clientId: clientIdSchema,
  siteId: idSchema('site').optional(),
  reason,
});
export const changeScopesInput = z.object({ scopeIds, reason });
export type ChangeScopesInput = z.output<typeof changeScopesInput>;

type Tx = ScopedTransaction<PluginScopeTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: ScopeStore;
  readonly writer: MappingWriter;
  readonly connections: ConnectionQueries;
  readonly clients: ClientQueries;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
}

/** What people decide about whose a scope is. All of it needs reach over all clients, since it changes who sees what. */
export class ChangeMapping {
  readonly #db: ScopedDb<PluginScopeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginScopeTables>();
    this.#deps = deps;
  }

  /**
   * Maps a scope to a client, or changes the site within it: reads start on, actions off. Throws `plugin-scopes.scope-not-found`, `plugin-scopes.scope-changed`,
   * `plugin-scopes.already-mapped`, `plugin-scopes.of-another-client`, `plugin-scopes.client-archived`, `tenancy.client-not-found`, `tenancy.site-not-found`.
   */
  async map(scope: TenantScope, input: z.output<typeof mapScopeInput>): Promise<{ version: number }> {
    return this.#change(scope, [input.scopeId], async (tx, [row]) => {
      if (row === undefined) throw scopeNotFound();
      if (row.version !== input.version)
        throw new ConflictError(
          'plugin-scopes.scope-changed',
          'This scope changed meanwhile. Look at it again, then repeat your change.',
        );
      if (row.client_id !== null && row.client_id !== input.clientId)
        throw new ConflictError(
          'plugin-scopes.already-mapped',
          'This scope is another client’s. Take that mapping back first.',
        );
      await assertSite(tx, input.clientId, (input.siteId ?? null) as SiteId | null);
      await this.#mapAll(tx, [
        { row, clientId: input.clientId, siteId: (input.siteId ?? null) as SiteId | null, reason: input.reason },
      ]);
      return { version: row.version + 1 };
    });
  }

  /** Maps scopes to the one client that each is suggested for; all or none. Throws `plugin-scopes.not-suggested`, and as `map` does. */
  async accept(scope: TenantScope, input: ChangeScopesInput): Promise<{ count: number }> {
    return this.#change(scope, input.scopeIds, async (tx, rows) => {
      const accepted = rows.map((row) => {
        const [clientId, another] = row.candidate_ids;
        if (row.mapping !== 'suggested' || clientId === undefined || another !== undefined)
          throw new ConflictError('plugin-scopes.not-suggested', `No client is suggested for ${row.name}.`);
        return { row, clientId, siteId: null, reason: input.reason || 'The suggestion was accepted.' };
      });
      await this.#mapAll(tx, accepted);
      return { count: rows.length };
    });
  }

  /** Takes mappings back: their records are hidden from the clients at once. Evidence only suggests from now on. Throws `plugin-scopes.not-mapped`. */
  async unmap(scope: TenantScope, input: ChangeScopesInput): Promise<{ count: number }> {
    return this.#change(scope, input.scopeIds, async (tx, rows) => {
      const free = rows.find((row) => row.client_id === null);
      if (free !== undefined) throw new ConflictError('plugin-scopes.not-mapped', `${free.name} is not mapped.`);
      await this.#deps.writer.release(tx, rows, { kind: 'unmapped', mapping: 'unmapped', reason: input.reason });
      return { count: rows.length };
    });
  }

  /** Says that scopes are no client's, and takes back what mappings they have. */
  async ignore(scope: TenantScope, input: ChangeScopesInput): Promise<{ count: number }> {
    return this.#change(scope, input.scopeIds, async (tx, rows) => {
      await this.#deps.writer.release(tx, rows, { kind: 'ignored', mapping: 'ignored', reason: input.reason });
      return { count: rows.length };
    });
  }

  /** Takes ignored scopes up again. Throws `plugin-scopes.not-ignored`. */
  async restore(scope: TenantScope, input: ChangeScopesInput): Promise<{ count: number }> {
    return this.#change(scope, input.scopeIds, async (tx, rows) => {
      const other = rows.find((row) => row.mapping !== 'ignored');
      if (other !== undefined) throw new ConflictError('plugin-scopes.not-ignored', `${other.name} is not ignored.`);
      await this.#deps.writer.release(tx, rows, { kind: 'restored', mapping: 'unmapped', reason: input.reason });
      await this.#deps.jobs.send(tx, matchScopes, {}, { singletonKey: 'match' });
      return { count: rows.length };
    });
  }

  /** Says that scopes are not the clients that they are suggested for, or in conflict between; those are not suggested again. Throws `plugin-scopes.not-suggested`. */
  async decline(scope: TenantScope, input: ChangeScopesInput): Promise<{ count: number }> {
    return this.#change(scope, input.scopeIds, async (tx, rows) => {
      const other = rows.find((row) => row.candidate_ids.length === 0);
      if (other !== undefined)
        throw new ConflictError('plugin-scopes.not-suggested', `No client is suggested for ${other.name}.`);
      await this.#deps.writer.release(tx, rows, { kind: 'declined', mapping: 'unmapped', reason: input.reason });
      await this.#deps.jobs.send(tx, matchScopes, {}, { singletonKey: 'match' });
      return { count: rows.length };
    });
  }

  async #change<Result>(
    scope: TenantScope,
    ids: readonly RemoteScopeId[],
    work: (tx: Tx, rows: readonly ScopeRow[]) => Promise<Result>,
  ): Promise<Result> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const rows = await this.#deps.store.forChange(tx, ids);
      if (rows.length < new Set(ids).size) throw scopeNotFound();
      const result = await work(tx, rows);
      for (const connectionId of new Set(rows.map((row) => row.connection_id)))
        this.#deps.live.touch(tx, { clientId: null, topic: 'plugin-scope', id: connectionId, version: 0 });
      return result;
    });
  }

  async #mapAll(tx: Tx, wanted: readonly WantedMapping[]): Promise<void> {
    await this.#assertMayHold(tx, wanted);
    await this.#deps.writer.map(tx, wanted);
  }

  async #assertMayHold(tx: Tx, wanted: readonly { row: ScopeRow; clientId: ClientId }[]): Promise<void> {
    const { connections, clients } = this.#deps;
    const owners = new Map((await connections.list(tx.scope, {}, tx)).map(({ id, clientId }) => [id, clientId]));
    const current = new Set((await clients.identities(tx)).map((client) => client.id));
    for (const { row, clientId } of wanted) {
      const owner = owners.get(row.connection_id);
      if (owner === undefined) throw scopeNotFound();
      if (owner !== null && owner !== clientId)
        throw new ConflictError(
          'plugin-scopes.of-another-client',
          `The connection of ${row.name} is one client’s own; its scopes are that client’s.`,
        );
      if (current.has(clientId)) continue;
      await clients.get(tx.scope, clientId);
      throw new ConflictError('plugin-scopes.client-archived', 'This client is archived.');
    }
  }
}
