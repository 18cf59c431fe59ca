import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

const generated = new Set(['node_modules', 'dist', 'output', 'fixtures', '.git', '.data']);

/** All files below a folder of the repository, as paths from its root with forward slashes. */
export function sourceFiles(folder: string): string[] {
  const start = join(repositoryRoot, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { withFileTypes: true })
    .flatMap((entry) => {
      if (generated.has(entry.name)) return [];
      const path = join(start, entry.name);
      if (entry.isDirectory()) return sourceFiles(relative(repositoryRoot, path));
      return entry.isFile() ? [relative(repositoryRoot, path).replaceAll('\\', '/')] : [];
    })
    .toSorted();
}

export function readSource(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

/** Names of the modules that exist, in no particular order. */
export function moduleNames(): string[] {
  const folder = join(repositoryRoot, 'packages/core/src/modules');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
