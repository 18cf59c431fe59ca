import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KitError, messageOf } from '../kit-error.ts';
import { pluginNameOf, pluginTitle } from './plugin-name.ts';

const template = fileURLToPath(new URL('../../template', import.meta.url));
const sdk = fileURLToPath(new URL('../../../sdk/src', import.meta.url));

/** What `create` made. */
export interface CreatedPlugin {
  readonly folder: string;
  readonly name: string;
  /** Relative paths, with `/`. */
  readonly files: readonly string[];
}

/**
 * Writes a plugin that works: plugin.json, its code, a fake vendor, and the SDK. It stands there whole, or not at all.
 *
 * @param folder absolute; made where it is not there
 * @throws KitError where something is in the folder already
 */
export async function createPlugin(folder: string): Promise<CreatedPlugin> {
  const isThere = await checkEmpty(folder);
  const name = pluginNameOf(folder);
  const parent = dirname(folder);
  const draft = join(parent, `.bailiwick-plugin-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(draft, { recursive: true });
    await fill(draft, name);
    const files = await listFiles(draft);
    if (isThere) await rmdir(folder);
    await rename(draft, folder);
    return { folder, name, files };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (error instanceof KitError) throw error;
    throw new KitError(`Nothing was made in ${folder}: ${messageOf(error)}`, { cause: error });
  }
}

/** @returns whether the folder is there */
async function checkEmpty(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return false;
  if (!found.isDirectory()) throw new KitError(`${folder} is a file. Give the name of a new folder.`);
  const [first] = await readdir(folder);
  if (first === undefined) return true;
  throw new KitError(`${folder} is not empty (it has ${first}). Give the name of a new folder; nothing was written.`);
}

async function fill(draft: string, name: string): Promise<void> {
  await cp(template, draft, { recursive: true });
  await rename(join(draft, 'gitignore'), join(draft, '.gitignore'));
  for (const file of ['plugin.json', 'package.json', 'README.md']) {
    const path = join(draft, file);
    const text = await readFile(path, 'utf8');
    const named = text.replaceAll('my-plugin', name).replaceAll('My plugin', pluginTitle(name));
    await writeFile(path, named);
  }
  await cp(sdk, join(draft, 'sdk'), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted();
}
