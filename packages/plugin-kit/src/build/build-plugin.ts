import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPlugin, describePlugin, type BundleParts } from '@bailiwick/plugin-runtime';
import { buildCode } from './build-code.ts';
import { makeSbom } from './make-sbom.ts';
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
 * @throws KitError with file, line and column; BundleRefused that names the field; CallFailed where the module does not load
 */
export async function buildPlugin(folder: string): Promise<BuiltPlugin> {
  const project = await readProject(folder);
  const { code, map, modules } = await buildCode(folder);
  const description = await inFile(code, (path) => describePlugin(path));
  const parts = { manifest: project.manifest, description, code, docs: project.docs };
  checkPlugin(parts);
  return { ...parts, sbom: await makeSbom(project.manifest, modules), project, map };
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
