import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../packages/core/src/composition/migrate.ts';
import { startEmbeddedPostgres } from '../../packages/core/src/platform/postgres/embedded-postgres.ts';
import { progress } from './figures.ts';

/** A migrated database of a bench's own, with the settings that a real start has: synced to disk. */
export interface BenchDatabase extends AsyncDisposable {
  readonly dataDir: string;
  readonly urls: { readonly owner: string; readonly app: string; readonly auth: string };
  readonly superuserUrl: string;
}

/** Starts one in a folder that goes with it; or in the folder of a name below that of `BENCH_KEEP`, where it stays for the next run. */
export async function startBenchDatabase(name?: string): Promise<BenchDatabase> {
  const keptIn = process.env['BENCH_KEEP'];
  const kept = name === undefined || keptIn === undefined ? null : join(keptIn, name);
  const dataDir = kept ?? (await mkdtemp(join(tmpdir(), 'bailiwick-bench-')));
  await mkdir(dataDir, { recursive: true });
  progress('Starting PostgreSQL …');
  const server = await startEmbeddedPostgres({ dataDir });
  const dispose = async (): Promise<void> => {
    await server.stop();
    if (kept === null) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await migrate({ ownerUrl: server.urls.owner });
  } catch (error) {
    await dispose();
    throw error;
  }
  const superuserUrl = Object.assign(new URL(server.superuserUrl), {
    pathname: new URL(server.urls.owner).pathname,
  }).href;
  return { dataDir, urls: server.urls, superuserUrl, [Symbol.asyncDispose]: dispose };
}

/** Runs statements past policies and references, for filling tables quickly. */
export async function fill(
  superuserUrl: string,
  statements: readonly (readonly [string, readonly unknown[]])[],
): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(
      `set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '256MB'`,
    );
    for (const [text, values] of statements) await client.query(text, [...values]);
  } finally {
    await client.end();
  }
}
