import { isDeepStrictEqual } from 'node:util';
import { BundleRefused, CallFailed, capabilitiesInWords, capabilityDiff, type Bundle } from '@bailiwick/plugin-runtime';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { PackageStore } from './package-store.ts';
import { pluginChanged } from './plugin-events.ts';
import { fingerprintOf, publisherOf, type PluginPackages } from './plugin-packages.ts';
import type { PluginStore } from './plugin-store.ts';
import {
  pluginIdSchema,
  pluginPackageIdSchema,
  type PluginId,
  type PluginPackageId,
  type PluginTables,
  type PluginVersionId,
} from './plugin-table.ts';
import type { PluginUse } from './plugins-needs.ts';
import type { PreviewPlugin } from './preview-plugin.ts';

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be the digest that the preview showed' });

export const installPluginInput = z.object({ packageId: pluginPackageIdSchema, digest: digestSchema });
export const updatePluginInput = z.object({
  pluginId: pluginIdSchema,
  rowVersion: z.int(),
  packageId: pluginPackageIdSchema,
  digest: digestSchema,
  /** The keys of everything that the preview listed as added. */
  accepts: z.array(z.string().max(200)).max(500).default([]),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: PluginStore;
  readonly packageStore: PackageStore;
  readonly packages: PluginPackages;
  readonly preview: PreviewPlugin;
  readonly use: () => PluginUse;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<PluginTables>;

/** Puts a packed plugin that an administrator has read about into service: for the first time, or in the place of another version. */
export class InstallPlugin {
  readonly #db: ScopedDb<PluginTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginTables>();
    this.#deps = deps;
  }

  /**
   * Installs; naming the digest is the consent to what the preview of it said. Throws `plugins.package-not-found`, `plugins.other-file`, `plugins.already-installed`,
   * `plugins.publisher-changed`, `plugins.contributions-differ`, `plugins.does-not-run`.
   */
  async run(scope: TenantScope, input: z.output<typeof installPluginInput>): Promise<{ pluginId: PluginId }> {
    requireWholeMsp(scope);
    const bundle = await this.#verify(scope, input);
    return this.#db.transaction(scope, async (tx) => {
      await this.#pin(tx, bundle);
      const before = await this.#deps.store.byName(tx, bundle.manifest.id);
      if (before !== undefined && before.state !== 'removed')
        throw new ConflictError(
          'plugins.already-installed',
          `${bundle.manifest.name} is installed. Update it instead.`,
        );
      const pluginId = before?.id ?? newId<'plugin'>();
      const versionId = await this.#saveVersion(tx, pluginId, input.packageId, bundle, async (id) => {
        if (before === undefined)
          await this.#deps.store.insert(tx, {
            msp_id: scope.mspId,
            id: pluginId,
            name: bundle.manifest.id,
            state: 'enabled',
            version_id: id,
            previous_version_id: null,
            created_at: this.#deps.clock.now(),
          });
      });
      if (before !== undefined)
        await this.#deps.store.update(tx, before, {
          state: 'enabled',
          version_id: versionId,
          previous_version_id: null,
        });
      await this.#tell(tx, pluginId, 'plugins.install-plugin', `Installed the plugin ${nameOf(bundle)}`, bundle);
      return { pluginId };
    });
  }

  /**
   * Updates. What the new version asks for beyond the running one has to be accepted by its keys. The running version stays for roll-back. Throws as `run` does, and
   * `plugins.consent-needed`, `plugins.other-plugin`, `plugins.plugin-changed`.
   */
  async update(scope: TenantScope, input: z.output<typeof updatePluginInput>): Promise<{ rowVersion: number }> {
    requireWholeMsp(scope);
    const bundle = await this.#verify(scope, input);
    const { store, packages } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      await this.#pin(tx, bundle);
      const plugin = await store.forChange(tx, input.pluginId);
      if (plugin.name !== bundle.manifest.id)
        throw new ConflictError('plugins.other-plugin', `This file is ${bundle.manifest.id}, not ${plugin.name}.`);
      const running = await packages.open(tx, await store.packageOf(tx, plugin.version_id));
      assertConsent(running, bundle, input.accepts);
      const versionId = await this.#saveVersion(tx, plugin.id, input.packageId, bundle, async () => {});
      const previous = versionId === plugin.version_id ? plugin.previous_version_id : plugin.version_id;
      const change = { version_id: versionId, previous_version_id: previous };
      await store.update(tx, { id: plugin.id, version: input.rowVersion }, change);
      await store.removeOldVersions(tx, { ...plugin, ...change });
      const summary = `Updated the plugin ${nameOf(bundle)} from ${running.manifest.version}`;
      await this.#tell(tx, plugin.id, 'plugins.update-plugin', summary, bundle);
      return { rowVersion: input.rowVersion + 1 };
    });
  }

  /** The bundle, once it is the one that was read about, from whom it should be, and says of itself what its file says. Outside any transaction: its code runs. */
  async #verify(scope: TenantScope, input: { packageId: PluginPackageId; digest: string }): Promise<Bundle> {
    const { packages, preview, use } = this.#deps;
    const bundle = await this.#db.transaction(scope, async (tx) => {
      const opened = await packages.open(tx, input.packageId);
      if (opened.digest !== input.digest)
        throw new ConflictError(
          'plugins.other-file',
          'This is not the file that the preview showed. Look at it again.',
        );
      if ((await preview.trust(tx, opened)) === 'changed') throw publisherChanged(opened);
      return opened;
    });
    const said = await use()
      .describe(scope.mspId, bundle)
      .catch((error: unknown) => {
        if (!(error instanceof CallFailed || error instanceof BundleRefused)) throw error;
        throw new InvalidInputError('plugins.does-not-run', `The plugin does not start: ${error.message}`, {
          cause: error,
        });
      });
    if (!isDeepStrictEqual(plain(said), plain(bundle.description)))
      throw new InvalidInputError(
        'plugins.contributions-differ',
        'The plugin is refused: its code contributes something else than its file says.',
        { fields: [{ path: ['body', 'contributions.json'], message: 'is not what the code says of itself' }] },
      );
    return bundle;
  }

  /** Again in the transaction that installs: another first plugin of the publisher may have come between. */
  async #pin(tx: Tx, bundle: Bundle): Promise<void> {
    const trust = await this.#deps.preview.trust(tx, bundle);
    if (trust === 'changed') throw publisherChanged(bundle);
    if (trust === 'pinned') return;
    await this.#deps.packageStore.pinKey(
      tx,
      publisherOf(bundle.manifest.id),
      bundle.publisherKey,
      this.#deps.clock.now(),
    );
  }

  async #saveVersion(
    tx: Tx,
    pluginId: PluginId,
    packageId: PluginPackageId,
    { manifest, description }: Bundle,
    before: (id: PluginVersionId) => Promise<void>,
  ): Promise<PluginVersionId> {
    const id = newId<'plugin-version'>();
    await before(id);
    return this.#deps.store.saveVersion(tx, {
      msp_id: tx.scope.mspId,
      id,
      plugin_id: pluginId,
      package_id: packageId,
      consent: JSON.stringify(capabilitiesInWords(manifest, description)),
      grants: JSON.stringify(manifest.capabilities),
      consented_by: tx.scope.actor.label,
      consented_at: this.#deps.clock.now(),
    });
  }

  async #tell(tx: Tx, pluginId: PluginId, action: string, summary: string, bundle: Bundle): Promise<void> {
    const { audit, jobs, use } = this.#deps;
    await audit.record(tx, {
      action,
      subject: { kind: 'plugin', id: pluginId, clientId: null },
      summary,
      after: {
        version: bundle.manifest.version,
        digest: bundle.digest,
        publisherFingerprint: fingerprintOf(bundle.publisherKey),
        consent: capabilitiesInWords(bundle.manifest, bundle.description).map(({ text }) => text),
      },
    });
    await use().changed(tx, pluginId);
    await jobs.publish(tx, pluginChanged, { aggregateId: pluginId, version: 0 }, { pluginId });
  }
}

function assertConsent(running: Bundle, bundle: Bundle, accepts: readonly string[]): void {
  const missing = capabilityDiff(running, bundle).added.filter(({ key }) => !accepts.includes(key));
  if (missing.length === 0) return;
  throw new ConflictError(
    'plugins.consent-needed',
    `Version ${bundle.manifest.version} asks for more than ${running.manifest.version}: ${missing.map(({ text }) => text).join(' ')}`,
    { fields: missing.map(({ key, text }) => ({ path: ['accepts', key], message: text })) },
  );
}

function publisherChanged(bundle: Bundle): ConflictError {
  const publisher = publisherOf(bundle.manifest.id);
  return new ConflictError(
    'plugins.publisher-changed',
    `This file is signed by another key than the one that is known of ${publisher}. Ask ${publisher} whether its key was changed; until then it is not installed.`,
    { fields: [{ path: ['body', 'signature.json', 'publisherKey'], message: `is not the key of ${publisher}` }] },
  );
}

function nameOf({ manifest }: Bundle): string {
  return `${manifest.name} ${manifest.version}`;
}

/** As it is after a way through JSON: what is undefined is not there. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
