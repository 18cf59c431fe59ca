import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DependencyContainer } from 'tsyringe';
import { makeHttpApp } from '#entry/http/app';
import { DatabaseIdempotency } from '#entry/http/idempotency';
import { RequestMetrics } from '#entry/http/request-metrics';
import { WindowLimiter } from '#entry/http/request-limiter';
import type { RestOperation } from '#entry/http/rest';
import { ClockToken } from '#kernel/tokens';
import { PluginRunner } from '#modules/plugin-host';
import { openPool } from '#platform/db/pool';
import { ScopedDb } from '#platform/db/scoped-db';
import { openJobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { PostgresLiveRelay } from '#platform/live-relay';
import type { Logger } from '#platform/log';
import { trustedProxies, type Settings } from '#platform/settings';
import { makeAppRouter } from './app-router.ts';
import { makeContainer } from './container.ts';
import { prepareDatabase } from './database.ts';
import { httpDoors } from './doors.ts';
import { listen, type HttpServer } from './http-server.ts';
import { startMailboxes, startSmtpListener } from './mail-doors.ts';
import { modules } from './modules.ts';
import { startWorkers } from './workers.ts';

const WEB_FOLDER = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** Requests a minute that one key, session or contact may make over REST. */
const REQUESTS_PER_MINUTE = 600;

/** A running process of the platform. */
export interface RunningServer {
  /** Where it listens; null in the role `worker`. */
  readonly url: string | null;
  /** The same from this machine, past any proxy. */
  readonly localUrl: string | null;
  readonly container: DependencyContainer;
  readonly settings: Settings;
  /** Stops in order: doors, workers, database. What was acknowledged is kept. */
  stop(): Promise<void>;
}

/** Starts what the settings' role asks for. Every failure is an error whose message is one line that says what to do. */
export async function startServer(options: {
  settings: Settings;
  log: Logger;
  progress?: (line: string) => void;
  /** Done before workers and doors are open. */
  beforeWork?: (parts: Pick<RunningServer, 'container' | 'settings'>) => Promise<void>;
}): Promise<RunningServer> {
  const settings = { ...options.settings, BAILIWICK_DATA_DIR: resolve(options.settings.BAILIWICK_DATA_DIR) };
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed())
      await close().catch((error: unknown) => options.log.warn({ err: error }, 'did not stop cleanly'));
  };
  try {
    const started = await start({ ...options, settings, progress: options.progress ?? (() => {}) }, closers);
    return { ...started, settings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  { settings, log, progress, beforeWork }: Parameters<typeof startServer>[0] & { progress: (line: string) => void },
  closers: (() => Promise<void>)[],
): Promise<Pick<RunningServer, 'url' | 'localUrl' | 'container'>> {
  const database = await prepareDatabase(settings, progress);
  closers.push(() => database.stop());
  const pool = openPool(database.urls.app, { max: 20 });
  closers.push(() => pool.end());
  const jobs = await openJobQueue({
    connectionString: database.urls.app,
    ...(database.directUrl === undefined ? {} : { directUrl: database.directUrl }),
    onError: (error) => log.warn({ err: error }, 'job queue'),
  });
  closers.push(() => jobs.stop());
  const container = await makeContainer({
    pool,
    jobs,
    settings,
    authUrl: database.urls.auth,
    isPrepared: settings.DATABASE_PREPARED === 'on',
  });
  closers.push(() => container.resolve(PluginRunner)[Symbol.asyncDispose]());
  if (database.directUrl !== undefined) {
    const relay = new PostgresLiveRelay({ connectionString: database.directUrl, hub: container.resolve(LiveHub), log });
    await relay.start();
    closers.push(() => relay.stop());
  }
  await beforeWork?.({ container, settings });
  const workers = await startWorkers({ container, jobs, isWorking: settings.BAILIWICK_ROLE !== 'api' });
  closers.push(() => workers.stop());
  if (settings.BAILIWICK_ROLE !== 'api') {
    const mailboxes = startMailboxes(container, log);
    closers.push(() => mailboxes.stop());
  }
  if (settings.BAILIWICK_ROLE === 'worker') return { url: null, localUrl: null, container };
  const relayed = await startSmtpListener(container, settings, log);
  if (relayed !== null) closers.push(() => relayed.stop());
  const server = await startDoors({
    settings,
    log,
    container,
    notReady: () =>
      pool.query('select 1').then(
        () => null,
        () => 'the database does not answer',
      ),
  });
  closers.push(() => server.stop());
  const localUrl = `http://localhost:${server.port}`;
  return { url: settings.BAILIWICK_PUBLIC_URL ?? localUrl, localUrl, container };
}

async function startDoors({
  settings,
  log,
  container,
  notReady,
}: {
  settings: Settings;
  log: Logger;
  container: DependencyContainer;
  notReady: () => Promise<string | null>;
}): Promise<HttpServer> {
  const publicUrl = settings.BAILIWICK_PUBLIC_URL ?? `http://localhost:${settings.PORT}`;
  const { resolveScope, doors } = await httpDoors({ container, settings, publicUrl, log });
  const app = makeHttpApp({
    router: makeAppRouter(container),
    operations: modules.flatMap((module) => Object.values(module.operations(container)) as RestOperation[]),
    resolveScope,
    doors,
    idempotency: new DatabaseIdempotency({ db: container.resolve(ScopedDb) }),
    limiter: new WindowLimiter({ limit: REQUESTS_PER_MINUTE, clock: container.resolve(ClockToken) }),
    live: container.resolve(LiveHub),
    log,
    metrics: new RequestMetrics(),
    publicUrl,
    version: (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
      .version,
    webFolder: WEB_FOLDER,
    trustedProxies: trustedProxies(settings),
    notReady,
  });
  return listen(app, { port: settings.PORT, host: settings.BAILIWICK_HOST });
}
