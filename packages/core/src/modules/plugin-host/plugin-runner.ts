import { randomUUID } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  describePlugin,
  PluginPool,
  type Bundle,
  type PluginDescription,
  type RunningPlugin,
} from '@bailiwick/plugin-runtime';
import type { MspId } from '#kernel/id';
import type { PluginVersionId } from '#modules/plugins';

/** Puts verified code where sandboxes read it, and hands out one sandbox for each version and MSP. */
export class PluginRunner implements AsyncDisposable {
  readonly #folder: string;
  readonly #pool: PluginPool;

  /** `folder` is the server's own; a sandbox may read the one bundle in it that it runs. */
  constructor(options: { folder: string; pool?: PluginPool }) {
    this.#folder = options.folder;
    this.#pool = options.pool ?? new PluginPool();
  }

  /** A plugin that runs, or is started by its first call. */
  async plugin(mspId: MspId, versionId: PluginVersionId, bundle: Bundle): Promise<RunningPlugin> {
    return this.#pool.get(keyOf(mspId, versionId), await this.#place(bundle));
  }

  /** What the code contributes, from running it once in a sandbox of its own. Throws `CallFailed`. */
  async describe(bundle: Bundle): Promise<PluginDescription> {
    return describePlugin(await this.#place(bundle));
  }

  /** Ends the sandbox of a version; calls in flight fail. */
  async stop(mspId: MspId, versionId: PluginVersionId): Promise<void> {
    await this.#pool.stop(keyOf(mspId, versionId));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  /** Named by its content, so what is there is right; written aside and renamed, so that it is whole. */
  async #place(bundle: Bundle): Promise<string> {
    const folder = join(this.#folder, bundle.digest);
    const path = join(folder, 'plugin.mjs');
    const there = await stat(path).catch(() => null);
    if (there?.isFile() === true) return path;
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const partial = join(folder, `${randomUUID()}.part`);
    await writeFile(partial, bundle.code, { mode: 0o644 });
    await rename(partial, path);
    return path;
  }
}

function keyOf(mspId: MspId, versionId: PluginVersionId): string {
  return `${versionId}:${mspId}`;
}
