import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BundleRefused,
  checkPlugin,
  describeUnchecked,
  readDescription,
  type BundleParts,
} from '@bailiwick/plugin-runtime';
import { buildCode } from './build-code.ts';
import { makeSbom } from './make-sbom.ts';
import { nameDefiner } from './name-definer.ts';
import { readProject, type Project } from './project.ts';

/** A plugin that was built: what is packed, and what the tools need beside it. */
export interface BuiltPlugin extends BundleParts {
  readonly project: Project;
  /** Source map in JSON. */
  readonly map: string | undefined;
}

/**
 * Builds a plugin's folder: bundles it, runs the bundle once in a sandbox to learn what it contributes, and checks all that an installation checks.
 *
 * @param folder absolute
 * @throws KitError with file, line and column, or with the contribution and its field; BundleRefused that names the field of plugin.json; CallFailed where the module does not load
 */
export async function buildPlugin(folder: string): Promise<BuiltPlugin> {
  const project = await readProject(folder);
  const { code, map, modules } = await buildCode(folder);
  const said = await inFile(code, (path) => describeUnchecked(path));
  const parts = check(project, code, said);
  return { ...parts, sbom: await makeSbom(project.manifest, modules), project, map };
}

function check({ manifest, docs }: Project, code: string, said: unknown): Omit<BundleParts, 'sbom'> {
  try {
    const parts = { manifest, description: readDescription(said), code, docs };
    checkPlugin(parts);
    return parts;
  } catch (error) {
    throw error instanceof BundleRefused ? nameDefiner(error, said) : error;
  }
}

/** Runs `work` with the code in a file of its own, which is gone afterwards. */
export async function inFile<T>(code: string, work: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-plugin-'));
  try {
    const path = join(folder, 'plugin.mjs');
    await writeFile(path, code);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
