import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleRefused, readBundle } from '@bailiwick/plugin-runtime';
import type { CatalogueEntry, PluginCatalogue } from '#modules/plugins';
import type { Logger } from '#platform/log';

const EXTENSION = '.bailiwick-plugin';

interface Known {
  /** Size and time of the file that was read. */
  readonly mark: string;
  readonly entry: CatalogueEntry | null;
}

/** Packed plugins in `<folder>/<name>/dist/`, as the toolchain packs them. A file that is no good plugin is left out, and said so once. */
export class FolderCatalogue implements PluginCatalogue {
  readonly #folder: string;
  readonly #log: Pick<Logger, 'warn'>;
  readonly #known = new Map<string, Known>();

  constructor(options: { folder: string; log: Pick<Logger, 'warn'> }) {
    this.#folder = options.folder;
    this.#log = options.log;
  }

  async list(): Promise<readonly CatalogueEntry[]> {
    const plugins = await readdir(this.#folder).catch(() => []);
    const listed = await Promise.all(plugins.map((name) => this.#entriesIn(join(this.#folder, name, 'dist'))));
    const newest = new Map<string, CatalogueEntry>();
    // Of several versions that lie there, the one that was packed last: files come by time.
    for (const entry of listed.flat()) newest.set(entry.name, entry);
    return [...newest.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #entriesIn(folder: string): Promise<CatalogueEntry[]> {
    const names = await readdir(folder).catch(() => []);
    const files = await Promise.all(
      names
        .filter((name) => name.endsWith(EXTENSION))
        .map(async (name) => ({ path: join(folder, name), found: await stat(join(folder, name)) })),
    );
    const entries: CatalogueEntry[] = [];
    for (const { path, found } of files.toSorted((a, b) => a.found.mtimeMs - b.found.mtimeMs)) {
      const entry = await this.#read(path, `${found.size} ${found.mtimeMs}`);
      if (entry !== null) entries.push(entry);
    }
    return entries;
  }

  async #read(path: string, mark: string): Promise<CatalogueEntry | null> {
    const known = this.#known.get(path);
    if (known?.mark === mark) return known.entry;
    const entry = await this.#open(path);
    this.#known.set(path, { mark, entry });
    return entry;
  }

  async #open(path: string): Promise<CatalogueEntry | null> {
    try {
      const { manifest, digest, publisherKey, accepted } = readBundle(await readFile(path));
      return {
        name: manifest.id,
        title: manifest.name,
        version: manifest.version,
        description: manifest.description,
        kind: manifest.kind,
        tier: accepted?.tier ?? 'none',
        digest,
        publisherKey,
        bytes: () => readFile(path),
      };
    } catch (error) {
      if (!(error instanceof BundleRefused)) throw error;
      this.#log.warn({ err: error, path }, 'a packed plugin is refused');
      return null;
    }
  }
}
