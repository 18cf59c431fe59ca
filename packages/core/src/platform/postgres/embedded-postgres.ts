import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '#kernel/errors';
import { ensureRoles } from './ensure-roles.ts';
import { choosePostgresAccount, enclosingFolder, type PostgresAccount } from './postgres-account.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import {
  diskFull,
  loadCredentials,
  lockDataFolder,
  type PostgresCredentials,
  postgresPaths,
  prepareDataFolder,
} from './postgres-data-folder.ts';
import { type PostgresProcess, runInitdb, startPostgresProcess, stopOrphans } from './postgres-process.ts';
import { postgresSettings, usableMemory } from './postgres-settings.ts';
import { postgresUrls } from './postgres-urls.ts';

/** What the embedded server is started with. */
export interface EmbeddedPostgresOptions {
  /** Made where it is missing. Holds the cluster, its log and, mode 0600, its passwords. */
  readonly dataDir: string;
  /** Told what takes long or goes wrong, one line each. */
  readonly log?: (message: string) => void;
  /** For tests only: faster, and a crash of the machine may lose data. */
  readonly fast?: boolean;
}

/** A running embedded server. */
export interface EmbeddedPostgres {
  readonly port: number;
  readonly superuserUrl: string;
  /** The database `bailiwick` as each role that logs in. */
  readonly urls: { readonly owner: string; readonly app: string; readonly auth: string };
  /** Stops the server and frees the data folder. Open transactions are rolled back. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL 18 on 127.0.0.1 from the data folder, makes it on the first start, and keeps it running: a server
 * that dies is started again on the same port. It ends with this process, however this process ends.
 *
 * @throws ConflictError `postgres.in-use`, `postgres.newer-version`, `postgres.older-version`
 * @throws UnavailableError `postgres.disk-full`, `postgres.no-account`, `postgres.not-started`, …; each message is one
 *   line that says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => {});
  const binaries = findPostgresBinaries();
  prepareDataFolder(dataDir, binaries.majorVersion);
  const unlock = lockDataFolder(dataDir);
  try {
    const credentials = await loadCredentials(dataDir);
    const account = choosePostgresAccount([enclosingFolder(binaries.postgres), dataDir]);
    await prepareCluster({ dataDir, binaries, account, credentials, isFast: options.fast === true, log });
    const { cluster, log: logFile } = postgresPaths(dataDir);
    const start = async (): Promise<PostgresProcess> => {
      await stopOrphans(cluster);
      return startPostgresProcess({
        binary: binaries.postgres,
        cluster,
        logFile,
        port: credentials.port,
        account,
        settings: postgresSettings(usableMemory(), options.fast === true),
      });
    };
    const supervised = superviseServer(await start(), start, log);
    const { passwords, port } = credentials;
    const urls = postgresUrls(credentials);
    try {
      await ensureRoles({ adminUrl: urls.superuser, passwords });
    } catch (error) {
      await supervised.stop();
      throw error;
    }
    return {
      port,
      superuserUrl: urls.superuser,
      urls,
      stop: async () => {
        await supervised.stop();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw isDiskFull(error) ? diskFull(dataDir) : error;
  }
}

async function prepareCluster(options: {
  dataDir: string;
  binaries: PostgresBinaries;
  account: PostgresAccount;
  credentials: PostgresCredentials;
  isFast: boolean;
  log: (message: string) => void;
}): Promise<void> {
  const { account, binaries, isFast } = options;
  const paths = postgresPaths(options.dataDir);
  if (existsSync(paths.cluster)) {
    await stopOrphans(paths.cluster);
    account.own(paths.cluster);
    return;
  }
  options.log('Making the database …');
  // Made aside and renamed when whole: a start that was killed half way leaves nothing that looks like a cluster.
  rmSync(paths.newCluster, { recursive: true, force: true });
  mkdirSync(paths.newCluster, { mode: 0o700 });
  account.own(paths.newCluster);
  writeFileSync(paths.passwordFile, options.credentials.passwords.superuser, { mode: 0o600 });
  account.own(paths.passwordFile);
  const made = runInitdb(binaries.initdb, paths.newCluster, { account, passwordFile: paths.passwordFile, isFast });
  rmSync(paths.passwordFile, { force: true });
  if (!made.isDone) {
    rmSync(paths.newCluster, { recursive: true, force: true });
    const problem = made.output.split('\n').find((line) => /error|fatal|no space|could not/i.test(line));
    throw new UnavailableError('postgres.not-made', `The database could not be made: ${problem ?? made.output.trim()}`);
  }
  renameSync(paths.newCluster, paths.cluster);
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /no space left on device|ENOSPC/i.test(error.message);
}

/** Starts the server again when it dies without being asked to, with growing pauses. */
function superviseServer(
  first: PostgresProcess,
  start: () => Promise<PostgresProcess>,
  log: (message: string) => void,
): { stop(): Promise<void> } {
  let current: PostgresProcess | undefined = first;
  let isStopping = false;
  const watch = async (): Promise<void> => {
    for (let pauseMs = 100; !isStopping; pauseMs = Math.min(pauseMs * 2, 10_000)) {
      const code = await current?.exited;
      if (isStopping) return;
      log(`PostgreSQL ended unexpectedly (code ${code ?? 'unknown'}); starting it again`);
      current = undefined;
      await sleep(pauseMs);
      if (isStopping) return;
      try {
        current = await start();
        pauseMs = 100;
      } catch (error) {
        log(error instanceof Error ? error.message : String(error));
      }
    }
  };
  const watching = watch();
  return {
    stop: async () => {
      isStopping = true;
      await current?.stop();
      await watching;
      // A restart may have come up while the stop was under way.
      await current?.stop();
    },
  };
}
