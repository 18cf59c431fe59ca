import type { PluginDescription } from '../../packages/plugin-runtime/src/index.ts';
import { newId, type ClientId } from '../../packages/core/src/kernel/id.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import type { RemoteScopeId } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { addConnectionRows } from './connection-rows.ts';
import type { TestApp } from './test-app.ts';

/** A connection of a plugin without code, and its scopes: for tests of what happens to records, whoever reads them. */
export interface SeededConnection {
  readonly id: ConnectionId;
  readonly homes: Map<string, { readonly scopeId: RemoteScopeId; readonly clientId: ClientId | null }>;
  /** Maps a scope, as the database has it after a person did so. */
  map(name: string, clientId: ClientId | null): Promise<void>;
}

/** Writes the rows that an installed plugin with a connection has. */
export async function seedConnection(
  app: TestApp,
  scope: TenantScope,
  options: { scopes: Readonly<Record<string, ClientId | null>>; description?: Partial<PluginDescription> },
): Promise<SeededConnection> {
  const db = app.container.resolve(ScopedDb);
  const { description = {} } = options;
  const capabilities = { records: ['device', 'alert'] };
  const id = await addConnectionRows(app, scope.mspId, {
    plugin: 'test/acme',
    name: 'Acme',
    description,
    capabilities,
  });
  const homes = new Map(
    Object.entries(options.scopes).map(([name, clientId]) => [name, { scopeId: newId<'plugin-scope'>(), clientId }]),
  );
  const now = app.clock.now();
  await db.transaction(scope, async (tx) => {
    for (const [name, home] of homes)
      await tx.sql(
        `insert into plugin_scope (msp_id, id, connection_id, client_id, external_id, name, kind, mapping, reads_enabled, first_seen_at, last_seen_at)
         values ($1, $2, $3, $4, $5, $5, 'site', $6, $7, $8, $8)`,
        [
          scope.mspId,
          home.scopeId,
          id,
          home.clientId,
          name,
          home.clientId === null ? 'unmapped' : 'mapped',
          home.clientId !== null,
          now,
        ],
      );
  });
  return {
    id,
    homes,
    async map(name, clientId) {
      const home = homes.get(name);
      if (home === undefined) throw new Error(`There is no scope ${name}.`);
      homes.set(name, { ...home, clientId });
      await db.transaction(scope, (tx) =>
        tx.sql(
          `update plugin_scope set client_id = $3, mapping = $4, reads_enabled = $5 where msp_id = $1 and id = $2`,
          [scope.mspId, home.scopeId, clientId, clientId === null ? 'unmapped' : 'mapped', clientId !== null],
        ),
      );
    },
  };
}
