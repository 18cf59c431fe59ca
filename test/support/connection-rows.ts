import type { PluginDescription } from '@bailiwick/plugin-runtime';
import { newId, type ClientId, type MspId } from '../../packages/core/src/kernel/id.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { systemScope, type TestApp } from './test-app.ts';

const DESCRIPTION: PluginDescription = {
  connections: [
    {
      name: 'account',
      label: 'Account',
      config: {},
      baseUrl: 'https://vendor.example/',
      auth: { kind: 'none' },
      limits: [],
      headers: {},
      discoversScopes: true,
      options: [],
    },
  ],
  streams: [],
  actions: [],
  webhooks: [],
  subscribers: [],
  views: [],
  frames: [],
};

/** The rows of an enabled plugin and a connection that works, without anything that could run: for what is decided in the database alone. */
export async function addConnectionRows(
  app: TestApp,
  mspId: MspId,
  options: {
    plugin?: string;
    name?: string;
    clientId?: ClientId;
    description?: Partial<PluginDescription>;
    capabilities?: object;
  } = {},
): Promise<ConnectionId> {
  const [pluginId, versionId, packageId, connectionId] = [newId(), newId(), newId(), newId<'plugin-connection'>()];
  const name = options.plugin ?? `acme/p${pluginId.slice(-8)}`;
  const capabilities = options.capabilities ?? { records: ['device'] };
  const manifest = { id: name, name: 'Acme', version: '1.0.0', sdkApi: 1, capabilities };
  const description = { ...DESCRIPTION, ...options.description };
  await app.container.resolve(ScopedDb).transaction(systemScope(mspId), async (tx) => {
    await tx.sql(
      `insert into plugin_package (msp_id, id, digest, storage_key, size_bytes, name, version, publisher, public_key, tier, manifest, description, received_by, received_at)
       values ($1, $2, $3, $3, 1, $4, '1.0.0', 'acme', 'key', 'none', $5, $6, 'test', now())`,
      [mspId, packageId, packageId, name, JSON.stringify(manifest), JSON.stringify(description)],
    );
    await tx.sql(
      `insert into plugin (msp_id, id, name, state, version_id, created_at) values ($1, $2, $3, 'enabled', $4, now())`,
      [mspId, pluginId, name, versionId],
    );
    await tx.sql(
      `insert into plugin_version (msp_id, id, plugin_id, package_id, consent, grants, consented_by, consented_at) values ($1, $2, $3, $4, '[]', $5, 'test', now())`,
      [mspId, versionId, pluginId, packageId, JSON.stringify(capabilities)],
    );
    await tx.sql(
      `insert into plugin_connection (msp_id, id, client_id, plugin_id, type, name, config, state, created_by, created_at)
       values ($1, $2, $3, $4, 'account', $5, '{}', 'active', 'test', now())`,
      [mspId, connectionId, options.clientId ?? null, pluginId, options.name ?? `Acme ${connectionId}`],
    );
  });
  return connectionId;
}
