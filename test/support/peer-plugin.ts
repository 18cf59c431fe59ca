import { existsSync, readFileSync } from 'node:fs';
import { packFolder } from '@bailiwick/plugin-kit';
import { generatePublisherKey, loadPublisherKey, type PublisherKey } from '@bailiwick/plugin-runtime';
import type { ClientId } from '../../packages/core/src/kernel/id.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { ChangeMapping } from '../../packages/core/src/modules/plugin-scopes/change-mapping.ts';
import { DiscoverScopes } from '../../packages/core/src/modules/plugin-scopes/discover-scopes.ts';
import { ScopeQueries, type RemoteScopeId } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import { SetSwitches } from '../../packages/core/src/modules/plugin-scopes/set-switches.ts';
import { systemScope, type TestApp } from './test-app.ts';
import { connectTestPlugin, installTestPlugin } from './test-plugin.ts';

/** Installs a plugin of this tree as an administrator would, and connects it to a server of this machine. */
export async function connectPeerPlugin(
  app: TestApp,
  scope: TenantScope,
  plugin: string,
  parts: { url: URL; type: string; config: Record<string, unknown>; secrets: Record<string, string> },
): Promise<ConnectionId> {
  const folder = new URL(`../../packages/plugins/${plugin}`, import.meta.url).pathname;
  const pluginId = await installTestPlugin(app, scope, await packFolder(folder, treeKey()));
  const config = { ...parts.config, url: parts.url.href };
  return connectTestPlugin(app, scope, { ...parts, pluginId, name: plugin, vendor: { url: parts.url.origin }, config });
}

/** The key of this tree's plugins, once they were packed for the catalogue: the server then takes their names from nobody else. */
function treeKey(): PublisherKey {
  const path = new URL('../../packages/plugins/dist/publisher-key.pem', import.meta.url);
  return existsSync(path) ? loadPublisherKey(readFileSync(path, 'utf8')) : generatePublisherKey();
}

/** Maps the scopes, by name, to the clients in order, and lets actions be done there. */
export async function mapPeerScopes(
  app: TestApp,
  scope: TenantScope,
  connectionId: ConnectionId,
  clientIds: readonly ClientId[],
): Promise<{ id: RemoteScopeId; name: string }[]> {
  const { container } = app;
  await container.resolve(DiscoverScopes).run(systemScope(scope.mspId), connectionId);
  const scopes = await container.resolve(ScopeQueries).all(systemScope(scope.mspId), connectionId);
  const sorted = scopes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const [index, { id }] of sorted.entries()) {
    const clientId = clientIds[index];
    if (clientId === undefined) throw new Error('There are more scopes than clients.');
    await container.resolve(ChangeMapping).map(scope, { scopeId: id, version: 1, clientId, reason: '' });
    await container.resolve(SetSwitches).run(scope, { scopeIds: [id], actionsEnabled: true });
  }
  return sorted;
}
