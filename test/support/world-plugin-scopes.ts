import { addClientKeyInput, ClientKeys } from '../../packages/core/src/modules/plugin-scopes/client-keys.ts';
import { newId } from '../../packages/core/src/kernel/id.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import type { RemoteScopeId } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** The scope of a connection of the first client's own, and what tells the client from others. */
export async function addPluginScope(
  app: TestApp,
  world: World,
  connectionId: ConnectionId,
): Promise<{ connectionId: ConnectionId; scopeId: RemoteScopeId }> {
  const scope = systemScope(world.mspId);
  const scopeId = newId<'plugin-scope'>();
  await app.container.resolve(ScopedDb).transaction(scope, (tx) =>
    tx.sql(
      `insert into plugin_scope (msp_id, id, connection_id, client_id, external_id, name, kind, mapping, reads_enabled, first_seen_at, last_seen_at)
         values ($1, $2, $3, $4, 'first', 'First', 'site', 'mapped', true, now(), now())`,
      [world.mspId, scopeId, connectionId, world.first],
    ),
  );
  const key = addClientKeyInput.parse({ clientId: world.first, kind: 'domain', value: 'first.example' });
  await app.container.resolve(ClientKeys).add(scope, key);
  return { connectionId, scopeId };
}
