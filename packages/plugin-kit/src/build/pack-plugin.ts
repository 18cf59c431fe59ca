import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packBundle, type Accepted, type BundleParts, type PublisherKey } from '@bailiwick/plugin-runtime';
import { buildPlugin, type BuiltPlugin } from './build-plugin.ts';

/** The name of the packed file. */
export function bundleFileName({ manifest }: Pick<BuiltPlugin, 'manifest'>): string {
  const name = manifest.id.slice(manifest.id.indexOf('/') + 1);
  return `${name}-${manifest.version}.bailiwick-plugin`;
}

/** Packs a built plugin; the same source and the same key are the same bytes. */
export function packPlugin(built: BundleParts, key: PublisherKey, accepted?: Accepted): Uint8Array {
  const { manifest, description, code, sbom, docs } = built;
  return packBundle({ manifest, description, code, sbom, docs, accepted }, key);
}

/**
 * Builds a folder and packs it, without the acceptance kit: for tests and for the platform's own plugins.
 *
 * @param folder absolute
 */
export async function packFolder(folder: string, key: PublisherKey): Promise<Uint8Array> {
  return packPlugin(await buildPlugin(folder), key);
}

/** Writes the packed file whole. @returns its path */
export async function writeBundle(built: BuiltPlugin, bytes: Uint8Array, out: string | undefined): Promise<string> {
  const path = out ?? join(built.project.folder, bundleFileName(built));
  const draft = `${path}.partial`;
  await writeFile(draft, bytes);
  await rename(draft, path);
  return path;
}
