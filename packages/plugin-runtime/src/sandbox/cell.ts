import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { hostname, tmpdir } from 'node:os';
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

/** `bailiwick-cell-<machine>-<process>-`: whose it is must be told by the name, where several hosts or containers share the folder. */
const PREFIX = `bailiwick-cell-${hostname()
  .replaceAll(/[^a-zA-Z0-9]/g, '_')
  .slice(0, 40)}-`;

let swept: Promise<void> | undefined;
let guest: Promise<readonly (readonly [name: string, source: string])[]> | undefined;

/**
 * Makes the folder that is all a sandbox can read: our part as plain JavaScript, and a copy of the plugin's module, so that nothing which happens to the
 * original reaches a running one. Open to every user of this machine for reading, to none for writing: the sandbox has a user of its own.
 */
export async function makeCell(
  bundle: string,
): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  swept ??= sweepCells();
  guest ??= Promise.all(GUEST.map(asModule));
  const [modules] = await Promise.all([guest, swept]);
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
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

/** Removes what hosts of this machine left that did not end in good order; best effort, once in a process. */
export async function sweepCells(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  await Promise.all(names.map(async (name) => ((await isLeft(name)) ? removed(join(tmpdir(), name)) : undefined)));
}

async function isLeft(name: string): Promise<boolean> {
  if (!name.startsWith(PREFIX)) return false;
  const owner = Number(/^\d+(?=-)/.exec(name.slice(PREFIX.length))?.[0]);
  if (owner !== process.pid) return !isAlive(owner);
  // In a container the host has the same number each time: what is older than this process was another's.
  const found = await stat(join(tmpdir(), name)).catch(() => null);
  return found !== null && found.mtimeMs < performance.timeOrigin - 1000;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function removed(folder: string): Promise<void> {
  // Another user's: the one who can will.
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

async function asModule(path: string): Promise<readonly [string, string]> {
  const source = await readFile(join(import.meta.dirname, path), 'utf8');
  const stripped = stripTypeScriptTypes(source).replaceAll(/from '[./a-z-]*\/([a-z-]+)\.ts'/g, "from './$1.mjs'");
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '.mjs');
  return [name, stripped];
}
