import { capabilitiesInWords, capabilityDiff, type Bundle } from '@bailiwick/plugin-runtime';
import { z } from 'zod';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { isOlder } from './plugin-version.ts';
import type { PackageStore } from './package-store.ts';
import type { PluginCatalogue } from './plugin-catalogue.ts';
import { fingerprintOf, publisherOf, type PluginPackages } from './plugin-packages.ts';
import type { PluginStore } from './plugin-store.ts';
import { pluginPackageIdSchema, type PluginTables } from './plugin-table.ts';
import type { PreviewView } from './plugin-view.ts';

export const previewPluginInput = z.object({ packageId: pluginPackageIdSchema });

/** Whether a publisher's key is the one that is expected. */
export type Trust = PreviewView['publisher']['trust'];

interface Deps {
  readonly db: ScopedDb;
  readonly store: PackageStore;
  readonly plugins: PluginStore;
  readonly packages: PluginPackages;
  readonly catalogue: PluginCatalogue;
}

/** Says what a packed plugin is and asks for, before anything of it runs. */
export class PreviewPlugin {
  readonly #db: ScopedDb<PluginTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginTables>();
    this.#deps = deps;
  }

  /** Throws `plugins.package-not-found`. */
  async run(scope: TenantScope, input: z.output<typeof previewPluginInput>): Promise<PreviewView> {
    const { store, packages } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = await store.get(tx, input.packageId);
      const bundle = await packages.open(tx, input.packageId);
      const { manifest, description } = bundle;
      return {
        packageId: row.id,
        digest: bundle.digest,
        name: manifest.id,
        title: manifest.name,
        version: manifest.version,
        description: manifest.description,
        kind: manifest.kind,
        licence: manifest.licence,
        securityContact: manifest.securityContact,
        homepage: manifest.homepage ?? null,
        sizeBytes: row.size_bytes,
        tier: row.tier,
        publisher: {
          name: publisherOf(manifest.id),
          fingerprint: fingerprintOf(bundle.publisherKey),
          trust: await this.trust(tx, bundle),
        },
        asks: [...capabilitiesInWords(manifest, description)],
        readme: bundle.docs.find(({ path }) => path === 'README.md')?.text ?? '',
        connectionTypes: description.connections.map(({ label }) => label),
        streams: description.streams.map(({ label }) => label),
        actions: description.actions.map(({ label, effect }) => ({ label, effect })),
        update: await this.#updateOf(tx, bundle),
      };
    });
  }

  /** How the key of a bundle stands to what is known of its publisher. */
  async trust(tx: ScopedTransaction<PluginTables>, bundle: Bundle): Promise<Trust> {
    const publisher = publisherOf(bundle.manifest.id);
    const shipped = await this.#deps.catalogue.list();
    if (shipped.some(({ digest }) => digest === bundle.digest)) return 'server';
    // A name that comes with the server is nobody else's, also before its first plugin is installed.
    const ours = shipped.filter(({ name }) => publisherOf(name) === publisher).map((entry) => entry.publisherKey);
    if (ours.length > 0) return ours.includes(bundle.publisherKey) ? 'pinned' : 'changed';
    const pinned = await this.#deps.store.pinnedKey(tx, publisher);
    if (pinned === undefined) return 'new';
    return pinned === bundle.publisherKey ? 'pinned' : 'changed';
  }

  async #updateOf(tx: ScopedTransaction<PluginTables>, bundle: Bundle): Promise<PreviewView['update']> {
    const { plugins, packages } = this.#deps;
    const plugin = await plugins.byName(tx, bundle.manifest.id);
    if (plugin === undefined || plugin.state === 'removed') return null;
    const running = await packages.open(tx, await plugins.packageOf(tx, plugin.version_id));
    const { added, removed } = capabilityDiff(running, bundle);
    return {
      pluginId: plugin.id,
      rowVersion: plugin.version,
      fromVersion: running.manifest.version,
      isSameFile: running.digest === bundle.digest,
      isOlder: isOlder(bundle.manifest.version, running.manifest.version),
      added: [...added],
      removed: [...removed],
    };
  }
}
