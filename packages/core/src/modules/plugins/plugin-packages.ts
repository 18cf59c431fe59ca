import { BundleRefused, MAX_BUNDLE_BYTES, readBundle, type Bundle } from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';
import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { Upload } from '#kernel/operation';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { FileKey, FileStore } from '#platform/files/file-store';
import type { PackageStore } from './package-store.ts';
import type { PluginCatalogue } from './plugin-catalogue.ts';
import type { PluginPackageId, PluginTables } from './plugin-table.ts';

/** Bundles kept in memory: reading one anew costs some 20 ms, and an MSP runs a handful. */
const MAX_CACHED = 32;

interface Deps {
  readonly db: ScopedDb;
  readonly store: PackageStore;
  readonly files: FileStore;
  readonly catalogue: PluginCatalogue;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Packed plugins: takes them in once they are verified, and opens them. Nothing of a plugin runs here. */
export class PluginPackages {
  readonly #db: ScopedDb<PluginTables>;
  readonly #deps: Deps;
  readonly #opened = new Map<string, Bundle>();

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginTables>();
    this.#deps = deps;
  }

  /** Takes an uploaded file. Throws `plugins.too-large` and the other refusals of a bundle, which name the field; nothing is left then. */
  async upload(scope: TenantScope, upload: Upload): Promise<{ packageId: PluginPackageId }> {
    requireWholeMsp(scope);
    return this.#receive(scope, await readAll(upload.body));
  }

  /** Takes a plugin that comes with the server. Throws `plugins.not-in-catalogue`. */
  async addFromCatalogue(scope: TenantScope, name: string): Promise<{ packageId: PluginPackageId }> {
    requireWholeMsp(scope);
    const entry = (await this.#deps.catalogue.list()).find((candidate) => candidate.name === name);
    if (entry === undefined)
      throw new NotFoundError('plugins.not-in-catalogue', 'No plugin of this name comes with the server.');
    return this.#receive(scope, await entry.bytes());
  }

  /** A package of the MSP, verified anew whenever it is read from the store. */
  async open(within: AnyTransaction, packageId: PluginPackageId): Promise<Bundle> {
    const row = await this.#deps.store.get(within.typed<PluginTables>(), packageId);
    return this.#read(row.storage_key, row.digest);
  }

  /** The bundle of a digest that the MSP has. Throws `plugins.package-not-found`. */
  async openDigest(within: AnyTransaction, digest: string): Promise<Bundle> {
    const row = await this.#deps.store.byDigest(within.typed<PluginTables>(), digest);
    if (row === undefined) throw new NotFoundError('plugins.package-not-found', 'There is no such packed plugin.');
    return this.#read(row.storage_key, row.digest);
  }

  /** Removes files of packages whose rows are gone, once the transaction commits. */
  removeFiles(tx: AnyTransaction, packages: readonly { storage_key: FileKey; digest: string }[]): void {
    // A file that is left over costs its room only; a row without its file would break roll-back.
    tx.onCommit(() => {
      for (const { storage_key } of packages) void this.#deps.files.remove(storage_key).catch(() => {});
    });
  }

  async #receive(scope: TenantScope, bytes: Uint8Array): Promise<{ packageId: PluginPackageId }> {
    const bundle = readOrRefuse(bytes);
    const { files, store, audit, clock } = this.#deps;
    const key = files.newKey();
    await files.write(key, streamOf(bytes), { maxBytes: MAX_BUNDLE_BYTES });
    try {
      const { id, isNew } = await this.#db.transaction(scope, async (tx) => {
        const inserted = await store.insert(tx, this.#rowOf(scope, bundle, { key, size: bytes.byteLength, clock }));
        if (inserted.isNew)
          await audit.record(tx, {
            action: 'plugins.receive-package',
            subject: { kind: 'plugin', id: inserted.id, clientId: null },
            summary: `Received the plugin ${bundle.manifest.id} ${bundle.manifest.version}`,
            after: { digest: bundle.digest, publisherFingerprint: fingerprintOf(bundle.publisherKey) },
          });
        return inserted;
      });
      if (!isNew) await files.remove(key);
      return { packageId: id };
    } catch (error) {
      await files.remove(key);
      throw error;
    }
  }

  #rowOf(scope: TenantScope, bundle: Bundle, file: { key: FileKey; size: number; clock: Clock }) {
    const { manifest, description, digest, publisherKey } = bundle;
    return {
      msp_id: scope.mspId,
      id: newId<'plugin-package'>(),
      digest,
      storage_key: file.key,
      size_bytes: file.size,
      name: manifest.id,
      version: manifest.version,
      publisher: publisherOf(manifest.id),
      public_key: publisherKey,
      tier: bundle.accepted?.tier ?? 'none',
      manifest: JSON.stringify(manifest),
      description: JSON.stringify(description),
      received_by: scope.actor.label,
      received_at: file.clock.now(),
    };
  }

  async #read(key: FileKey, digest: string): Promise<Bundle> {
    const known = this.#opened.get(digest);
    if (known !== undefined) return known;
    const bytes = await readAll(await this.#deps.files.read(key));
    const bundle = readOrRefuse(bytes);
    if (bundle.digest !== digest)
      throw new InvalidInputError('plugins.bad-signature', 'The stored plugin is not the one that was installed.');
    const oldest = this.#opened.keys().next().value;
    if (this.#opened.size >= MAX_CACHED && oldest !== undefined) this.#opened.delete(oldest);
    this.#opened.set(digest, bundle);
    return bundle;
  }
}

/** `bailiwick/zabbix` → `bailiwick`. */
export function publisherOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

/** What people compare of a key: its first 16 characters. */
export function fingerprintOf(publicKey: string): string {
  return publicKey.slice(0, 16);
}

function readOrRefuse(bytes: Uint8Array): Bundle {
  try {
    return readBundle(bytes);
  } catch (error) {
    if (!(error instanceof BundleRefused)) throw error;
    throw new InvalidInputError(`plugins.${error.code}`, `This plugin is refused. ${error.message}`, {
      fields: [{ path: ['body', ...error.field.split('/')], message: error.message }],
      cause: error,
    });
  }
}

async function readAll(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream, so that a sender of too much is not read to the end.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MAX_BUNDLE_BYTES)
      throw new InvalidInputError('plugins.too-large', 'This plugin is refused. It is larger than a plugin may be.', {
        fields: [{ path: ['body'], message: `must have at most ${MAX_BUNDLE_BYTES} bytes` }],
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}
