import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The code that runs beside a plugin. */
const GUEST = [
  'guest/main.ts',
  'guest/bare-globals.ts',
  'guest/contribution.ts',
  'guest/guest-call.ts',
  'guest/guest-context.ts',
  'guest/guest-error.ts',
  'guest/guest-http.ts',
  'guest/host-link.ts',
  'guest/lines.ts',
  '../rules/describe.ts',
] as const;

let guest: Promise<readonly (readonly [name: string, source: string])[]> | undefined;

/**
 * Makes the folder that is all a sandbox can read: our part as plain JavaScript, and a copy of the plugin's module, so that nothing which happens to the
 * original reaches a running one. Open to every user of this machine for reading, to none for writing: the sandbox has a user of its own.
 */
export async function makeCell(
  bundle: string,
): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  guest ??= Promise.all(GUEST.map(asModule));
  const modules = await guest;
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-plugin-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await Promise.all([
      ...modules.map(async ([name, source]) => writeFile(join(folder, name), source, { mode: 0o444 })),
      copyFile(bundle, join(folder, 'plugin.mjs')).then(async () => chmod(join(folder, 'plugin.mjs'), 0o444)),
    ]);
    await chmod(folder, 0o755);
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, remove };
}

async function asModule(path: string): Promise<readonly [string, string]> {
  const source = await readFile(join(import.meta.dirname, path), 'utf8');
  const stripped = stripTypeScriptTypes(source).replaceAll(/from '[./a-z-]*\/([a-z-]+)\.ts'/g, "from './$1.mjs'");
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '.mjs');
  return [name, stripped];
}
