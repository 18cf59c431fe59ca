import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, type BundleDocument } from '@bailiwick/plugin-runtime';
import type { PluginManifest } from '@bailiwick/sdk';
import { KitError } from '../kit-error.ts';

/** A plugin's folder, read. */
export interface Project {
  /** Absolute. */
  readonly folder: string;
  readonly manifest: PluginManifest;
  readonly docs: readonly BundleDocument[];
  readonly exemptions: readonly Exemption[];
}

/** A check that the author asks to be excused from. */
export interface Exemption {
  readonly check: string;
  readonly reason: string;
}

/**
 * Reads what stands beside the code.
 *
 * @param folder absolute
 * @throws KitError, BundleRefused that names the field
 */
export async function readProject(folder: string): Promise<Project> {
  const path = join(folder, 'plugin.json');
  if (!existsSync(path)) throw new KitError(`${folder} has no plugin.json. \`create <folder>\` makes a plugin.`);
  const manifest = readManifest(await readFile(path, 'utf8'));
  return { folder, manifest, docs: await readDocs(folder), exemptions: await readExemptions(folder) };
}

async function readDocs(folder: string): Promise<BundleDocument[]> {
  const names = await readdir(join(folder, 'docs')).catch(() => []);
  const paths = ['README.md', ...names.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
  const docs = paths.map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8').catch(() => '') }));
  return (await Promise.all(docs)).filter(({ text }) => text.trim() !== '');
}

async function readExemptions(folder: string): Promise<Exemption[]> {
  const path = join(folder, 'acceptance.json');
  if (!existsSync(path)) return [];
  const { exempt = {} } = await readJsonFile<{ exempt?: Record<string, unknown> }>(path);
  return Object.entries(exempt).map(([check, reason]) => {
    if (typeof reason === 'string' && reason.trim().length >= 10) return { check, reason: reason.trim() };
    throw new KitError(`${path}: the exemption from "${check}" needs its reason, in a sentence.`);
  });
}

/**
 * Reads a JSON file that the author wrote; its shape is for the caller to check.
 *
 * @throws KitError that names the file
 */
export async function readJsonFile<T>(path: string): Promise<T> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new KitError(`${path} is no JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`);
  }
}
