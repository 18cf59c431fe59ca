import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';

/** What a door's initial JavaScript may weigh, gzip. */
export const MAX_INITIAL_BYTES = 100_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly src?: string;
}

export interface DoorWeight {
  readonly door: 'console' | 'portal';
  readonly gzipBytes: number;
  readonly files: readonly string[];
  readonly sources: readonly string[];
}

/** Adds up what each door loads before its first screen: its entry and all that this imports statically, gzipped. Needs a build. */
export function measureBundle(distFolder: string): readonly DoorWeight[] {
  const manifest = JSON.parse(readFileSync(join(distFolder, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
  return (['console', 'portal'] as const).map((door) => {
    const entry = door === 'console' ? 'index.html' : 'portal.html';
    const keys = reachable(manifest, entry);
    const files = [...new Set(keys.map((key) => manifest[key]?.file ?? ''))].filter((file) => file.endsWith('.js'));
    const gzipBytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(distFolder, file))).length, 0);
    return { door, gzipBytes, files, sources: keys };
  });
}

function reachable(manifest: Record<string, Chunk>, entry: string): string[] {
  if (manifest[entry] === undefined) throw new Error(`The manifest has no ${entry}; build the web first.`);
  const seen = new Set<string>();
  const visit = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const next of manifest[key]?.imports ?? []) visit(next);
  };
  visit(entry);
  return [...seen];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const weights = measureBundle(fileURLToPath(new URL('../dist', import.meta.url)));
  for (const { door, gzipBytes, files } of weights)
    process.stdout.write(`${door}: ${(gzipBytes / 1000).toFixed(1)} kB gzip in ${files.length} files\n`);
  if (weights.some(({ gzipBytes }) => gzipBytes >= MAX_INITIAL_BYTES)) process.exitCode = 1;
}
