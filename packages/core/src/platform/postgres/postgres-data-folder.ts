import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ConflictError, UnavailableError } from '#kernel/errors';

/** What the embedded server keeps about itself in the data folder, mode 0600. */
export interface PostgresCredentials {
  readonly port: number;
  readonly passwords: Readonly<Record<'superuser' | 'owner' | 'app' | 'auth', string>>;
}

/** Places within the data folder that belong to the embedded server. */
export interface PostgresPaths {
  readonly cluster: string;
  readonly newCluster: string;
  readonly passwordFile: string;
  readonly credentials: string;
  readonly lock: string;
  readonly log: string;
}

export function postgresPaths(dataDir: string): PostgresPaths {
  return {
    cluster: join(dataDir, 'postgres'),
    newCluster: join(dataDir, 'postgres.new'),
    passwordFile: join(dataDir, 'postgres.password'),
    credentials: join(dataDir, 'postgres.json'),
    lock: join(dataDir, 'postgres.lock'),
    log: join(dataDir, 'postgres.log'),
  };
}

// Below this PostgreSQL cannot even write its first segments of log; refusing early keeps the message short.
const leastFreeBytes = 200 * 1024 * 1024;

/**
 * Makes the data folder and refuses one that cannot serve.
 *
 * @throws UnavailableError `postgres.disk-full`, `postgres.data-folder`
 * @throws ConflictError `postgres.newer-version`, `postgres.older-version`
 */
export function prepareDataFolder(dataDir: string, majorVersion: number): void {
  const { cluster } = postgresPaths(dataDir);
  try {
    mkdirSync(dataDir, { recursive: true });
    const { bavail, bsize } = statfsSync(dataDir);
    if (bavail * bsize < leastFreeBytes) throw diskFull(dataDir);
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    if (isSystemError(error, 'ENOSPC')) throw diskFull(dataDir);
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnavailableError('postgres.data-folder', `The data folder ${dataDir} cannot be used: ${reason}`);
  }
  const versionFile = join(cluster, 'PG_VERSION');
  if (!existsSync(versionFile)) return;
  const written = Number(readFileSync(versionFile, 'utf8').trim());
  if (written === majorVersion) return;
  const isNewer = written > majorVersion;
  throw new ConflictError(
    isNewer ? 'postgres.newer-version' : 'postgres.older-version',
    `The data folder ${dataDir} was written by PostgreSQL ${written}, and this Bailiwick brings ${majorVersion}. ${
      isNewer ? 'Start it with the newer Bailiwick.' : 'Dump it with the older Bailiwick and restore it here.'
    }`,
  );
}

export function diskFull(dataDir: string): UnavailableError {
  return new UnavailableError(
    'postgres.disk-full',
    `The disk that holds ${dataDir} is full. Free some space, or set BAILIWICK_DATA_DIR to another disk.`,
  );
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/**
 * Reads the passwords and the port, or makes them on the first start. The port is kept as long as it is free, so that
 * what is connected from outside (a pooler, psql) finds the server again.
 */
export async function loadCredentials(dataDir: string): Promise<PostgresCredentials> {
  const { cluster, credentials: path } = postgresPaths(dataDir);
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as PostgresCredentials) : undefined;
  if (kept === undefined && existsSync(cluster)) {
    throw new UnavailableError(
      'postgres.no-credentials',
      `${path} is missing, and without it the database in ${cluster} cannot be opened. Restore it from your backup.`,
    );
  }
  const passwords = kept?.passwords ?? {
    superuser: newPassword(),
    owner: newPassword(),
    app: newPassword(),
    auth: newPassword(),
  };
  const port = kept !== undefined && (await isFree(kept.port)) ? kept.port : await freePort();
  const credentials = { port, passwords };
  const draft = `${path}.new`;
  writeFileSync(draft, JSON.stringify(credentials), { mode: 0o600 });
  renameSync(draft, path);
  return credentials;
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * Takes the lock that keeps two instances off one data folder. A lock whose holder is dead is taken over.
 *
 * @returns gives the lock back
 * @throws ConflictError `postgres.in-use`
 */
export function lockDataFolder(dataDir: string): () => void {
  const { lock } = postgresPaths(dataDir);
  const own = `${process.pid} ${processStart(process.pid)}`;
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, own, { mode: 0o600 });
  try {
    // Twice: the first try may meet a dead holder's lock. A link appears whole, so no reader sees half a lock.
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        linkSync(draft, lock);
        return () => rmSync(lock, { force: true });
      } catch (error) {
        if (!isSystemError(error, 'EEXIST')) throw error;
      }
      const holder = readFileSync(lock, 'utf8');
      if (holder === own || isAlive(holder)) throw inUse(dataDir, holder);
      rmSync(lock, { force: true });
    }
    throw inUse(dataDir, readFileSync(lock, 'utf8'));
  } finally {
    rmSync(draft, { force: true });
  }
}

function inUse(dataDir: string, holder: string): ConflictError {
  const pid = holder.split(' ')[0];
  return new ConflictError(
    'postgres.in-use',
    `The data folder ${dataDir} is in use by a running instance (process ${pid}). Stop it first, or set BAILIWICK_DATA_DIR.`,
  );
}

function isAlive(holder: string): boolean {
  const [pid = '', started = ''] = holder.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (!isSystemError(error, 'EPERM')) return false;
  }
  return started === '' || processStart(Number(pid)) === started;
}

/**
 * Start time in clock ticks, which tells a process from a later one with the same id; '' where it is not known, and
 * 'ended' for one that is dead but not yet waited for, as under a container's first process that waits for none.
 */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
