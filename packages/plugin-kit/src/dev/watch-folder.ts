import { watch } from 'node:fs';

/** An editor saves a file in several steps; what comes within this time is one save. */
const SETTLE_MS = 25;

/**
 * Tells when something that a plugin is built from was saved.
 *
 * @param folder absolute
 * @param saved gets the time of the first change, as performance.now()
 */
export function watchFolder(folder: string, saved: (atMs: number) => void, signal: AbortSignal): void {
  let pending: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true, signal }, (_event, path) => {
    if (path === null || !isSource(path) || pending !== undefined) return;
    const atMs = performance.now();
    pending = setTimeout(() => {
      pending = undefined;
      saved(atMs);
    }, SETTLE_MS);
  });
  // An editor's file that is gone again before it is looked at.
  watcher.on('error', () => {});
  signal.addEventListener('abort', () => clearTimeout(pending), { once: true });
}

/** The files of a plugin's folder that what it does depends on; both kinds of separators. */
export function isSource(path: string): boolean {
  const parts = path.split(/[\\/]/);
  const name = parts.at(-1) ?? '';
  if (name.startsWith('.') || /~$|\.(?:swp|tmp|partial)$/.test(name)) return false;
  if (parts.length === 1) return name === 'plugin.json';
  return parts[0] === 'src' || parts[0] === 'fixtures' || parts[0] === 'sdk';
}
