import { resolve } from 'node:path';
import type { DependencyContainer } from 'tsyringe';
import { openPool } from '#platform/db/pool';
import { openJobQueue, type JobQueue } from '#platform/jobs/job-queue';
import type { Logger } from '#platform/log';
import type { Settings } from '#platform/settings';
import { makeContainer } from './container.ts';
import { prepareDatabase } from './database.ts';
import { startWorkers } from './workers.ts';

/** The platform without doors: every module wired to a migrated database. */
export interface OpenPlatform extends AsyncDisposable {
  readonly container: DependencyContainer;
  readonly jobs: JobQueue;
}

/** Opens the platform for a command: on the running server's database where there is one, else on one started for the moment. */
export async function openPlatform({ settings, log }: { settings: Settings; log: Logger }): Promise<OpenPlatform> {
  const absolute = { ...settings, BAILIWICK_DATA_DIR: resolve(settings.BAILIWICK_DATA_DIR) };
  const database = await prepareDatabase(absolute, () => {}, { joinRunning: true });
  const pool = openPool(database.urls.app, { max: 4, applicationName: 'bailiwick command line' });
  const jobs = await openJobQueue({
    connectionString: database.urls.app,
    onError: (error) => log.warn({ err: error }, 'job queue'),
  });
  const container = await makeContainer({
    pool,
    jobs,
    settings: absolute,
    authUrl: database.urls.auth,
    isPrepared: settings.DATABASE_PREPARED === 'on',
  });
  await startWorkers({ container, jobs, isWorking: false });
  return {
    container,
    jobs,
    async [Symbol.asyncDispose]() {
      await jobs.stop();
      await pool.end();
      await database.stop();
    },
  };
}
