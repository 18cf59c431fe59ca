import { z } from 'zod';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { pluginNotFound } from './installed-plugins.ts';
import type { CatalogueEntry, PluginCatalogue } from './plugin-catalogue.ts';
import { fingerprintOf } from './plugin-packages.ts';
import { pluginIdSchema, type PluginId, type PluginTables } from './plugin-table.ts';
import { isOlder } from './plugin-version.ts';
import type { catalogueView, PluginDetailView, PluginView } from './plugin-view.ts';
import type { PluginUse } from './plugins-needs.ts';

export const getPluginInput = z.object({ pluginId: pluginIdSchema });

interface Deps {
  readonly db: ScopedDb;
  readonly catalogue: PluginCatalogue;
  readonly use: () => PluginUse;
}

type PluginWithVersion = Awaited<ReturnType<typeof readPlugins>>[number];

/** Reads installed plugins and those that come with the server, for people. */
export class PluginQueries {
  readonly #db: ScopedDb<PluginTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginTables>();
    this.#deps = deps;
  }

  /** Installed plugins by name, those that were uninstalled left out. */
  async list(scope: TenantScope): Promise<PluginView[]> {
    const shipped = await this.#deps.catalogue.list();
    return this.#db.transaction(scope, async (tx) => {
      const counts = await this.#deps.use().countConnections(tx);
      return (await readPlugins(tx)).map((row) => toPluginView(row, shipped, counts));
    });
  }

  /** One plugin with what it may do. Throws `plugins.plugin-not-found`, also for another tenant's. */
  async get(scope: TenantScope, pluginId: PluginId): Promise<PluginDetailView> {
    const shipped = await this.#deps.catalogue.list();
    return this.#db.transaction(scope, async (tx) => {
      const row = (await readPlugins(tx)).find(({ id }) => id === pluginId);
      if (row === undefined) throw pluginNotFound();
      const { manifest, description } = row;
      return {
        ...toPluginView(row, shipped, await this.#deps.use().countConnections(tx)),
        digest: row.digest,
        publisher: row.publisher,
        publisherFingerprint: fingerprintOf(row.public_key),
        licence: manifest.licence,
        securityContact: manifest.securityContact,
        homepage: manifest.homepage ?? null,
        asks: row.consent,
        consentedBy: row.consented_by,
        consentedAt: row.consented_at.toString(),
        connectionTypes: description.connections.map(({ name, label, help }) => ({ name, label, help: help ?? null })),
      };
    });
  }

  /** What comes with the server, by title. */
  async catalogue(scope: TenantScope): Promise<z.input<typeof catalogueView>> {
    const shipped = await this.#deps.catalogue.list();
    const installed = await this.#db.transaction(scope, (tx) => readPlugins(tx));
    const byName = new Map(installed.map((row) => [row.name, row]));
    const items = shipped.map(({ name, title, version, description, kind, tier, digest }) => {
      const row = byName.get(name);
      return {
        name,
        title,
        version,
        description,
        kind,
        tier,
        installed:
          row === undefined
            ? null
            : { pluginId: row.id, version: row.package_version, state: row.state, isCurrent: row.digest === digest },
      };
    });
    return { items: items.toSorted((a, b) => a.title.localeCompare(b.title, 'en')) };
  }
}

async function readPlugins(tx: ScopedTransaction<PluginTables>) {
  return tx.query
    .selectFrom('plugin')
    .innerJoin('plugin_version as running', (join) =>
      join.onRef('running.msp_id', '=', 'plugin.msp_id').onRef('running.id', '=', 'plugin.version_id'),
    )
    .innerJoin('plugin_package as file', (join) =>
      join.onRef('file.msp_id', '=', 'plugin.msp_id').onRef('file.id', '=', 'running.package_id'),
    )
    .leftJoin('plugin_version as before', (join) =>
      join.onRef('before.msp_id', '=', 'plugin.msp_id').onRef('before.id', '=', 'plugin.previous_version_id'),
    )
    .leftJoin('plugin_package as before_file', (join) =>
      join.onRef('before_file.msp_id', '=', 'plugin.msp_id').onRef('before_file.id', '=', 'before.package_id'),
    )
    .select([
      'plugin.id',
      'plugin.name',
      'plugin.state',
      'plugin.version as row_version',
      'file.version as package_version',
      'file.tier',
      'file.digest',
      'file.publisher',
      'file.public_key',
      'file.manifest',
      'file.description',
      'running.consent',
      'running.consented_by',
      'running.consented_at',
      'before_file.version as previous_version',
    ])
    .where('plugin.state', '<>', 'removed')
    .orderBy('plugin.name')
    .execute();
}

function toPluginView(
  row: PluginWithVersion,
  shipped: readonly CatalogueEntry[],
  counts: ReadonlyMap<PluginId, number>,
): PluginView {
  const offered = shipped.find(({ name }) => name === row.name);
  return {
    id: row.id,
    name: row.name,
    title: row.manifest.name,
    description: row.manifest.description,
    kind: row.manifest.kind,
    version: row.package_version,
    state: row.state,
    tier: row.tier,
    connectionCount: counts.get(row.id) ?? 0,
    rowVersion: row.row_version,
    previousVersion: row.previous_version,
    availableVersion: offered !== undefined && isOlder(row.package_version, offered.version) ? offered.version : null,
  };
}
