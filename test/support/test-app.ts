import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DependencyContainer } from 'tsyringe';
import pg from 'pg';
import { FixedClock } from '../../packages/core/src/kernel/clock.ts';
import { newId, type ClientId, type MspId } from '../../packages/core/src/kernel/id.ts';
import { makeTenantScope, type Reach, type TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { makeContainer } from '../../packages/core/src/composition/container.ts';
import { modules } from '../../packages/core/src/composition/modules.ts';
import { PluginRunner } from '../../packages/core/src/modules/plugin-host/index.ts';
import { CreateClient } from '../../packages/core/src/modules/tenancy/create-client.ts';
import { CreateMsp } from '../../packages/core/src/modules/tenancy/create-msp.ts';
import { openPool } from '../../packages/core/src/platform/db/pool.ts';
import { openJobQueue, type JobQueue } from '../../packages/core/src/platform/jobs/job-queue.ts';
import { readSettings } from '../../packages/core/src/platform/settings.ts';
import { startWorkers } from '../../packages/core/src/composition/workers.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** The whole server without its HTTP door: a database of its own, every module, a clock that the test moves. */
export interface TestApp extends AsyncDisposable {
  readonly container: DependencyContainer;
  readonly pool: pg.Pool;
  /** Sees all rows: for what the product shows nobody, or lets nobody write. */
  readonly admin: pg.Pool;
  readonly jobs: JobQueue;
  readonly clock: FixedClock;
  readonly database: TestDatabase;
}

/** Starts one. `workers` also runs event handlers and jobs, on polling, as a worker process does. */
export async function startTestApp(options: { workers?: boolean } = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const pool = openPool(database.urls.app, { max: 8 });
  const admin = new pg.Pool({ connectionString: database.superuserUrl, max: 1 });
  // Its connection is cut when the database goes.
  admin.on('error', () => {});
  const clock = new FixedClock('2026-11-20T09:00:00Z');
  const jobs = await openJobQueue({
    connectionString: database.urls.app,
    directUrl: database.urls.app,
    onError: () => {},
  });
  const dataDir = await mkdtemp(join(tmpdir(), 'bailiwick-app-'));
  const settings = readSettings({
    BAILIWICK_DATA_DIR: dataDir,
    BAILIWICK_SECRET_KEY: randomBytes(32).toString('base64'),
  });
  const container = await makeContainer({ pool, jobs, clock, settings, authUrl: database.urls.auth });
  const workers = await startWorkers({ container, jobs, isWorking: options.workers ?? false });
  return {
    container,
    pool,
    admin,
    jobs,
    clock,
    database,
    async [Symbol.asyncDispose]() {
      await workers.stop();
      await container.resolve(PluginRunner)[Symbol.asyncDispose]();
      await jobs.stop();
      await pool.end();
      await admin.end();
      await database[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const ALL_PERMISSIONS: ReadonlySet<string> = new Set(
  modules.flatMap((module) => module.permissions.map((permission) => permission.name)),
);

/** The system scope of an MSP, as jobs and the command line have it. */
export function systemScope(mspId: MspId): TenantScope {
  return makeTenantScope({
    mspId,
    reach: { kind: 'all' },
    audience: 'system',
    actor: { kind: 'command-line', id: newId(), label: 'test' },
    permissions: new Set(),
    requestId: newId(),
  });
}

/** A member of staff with every permission and the given reach. */
export function staffScope(
  mspId: MspId,
  reach: Reach = { kind: 'all' },
  permissions: ReadonlySet<string> = ALL_PERMISSIONS,
): TenantScope {
  return makeTenantScope({
    mspId,
    reach,
    audience: 'staff',
    actor: { kind: 'login', id: newId(), label: 'Test Technician' },
    permissions,
    requestId: newId(),
  });
}

/** A contact of one client, with what the portal allows. */
export function contactScope(mspId: MspId, clientId: ClientId, contactId: string = newId()): TenantScope {
  const portal = modules.flatMap((module) =>
    module.permissions.filter((permission) => permission.roles.includes('portal')).map((permission) => permission.name),
  );
  return makeTenantScope({
    mspId,
    reach: { kind: 'only', clientIds: [clientId] },
    audience: 'client',
    actor: { kind: 'contact', id: contactId, label: 'Test Contact' },
    permissions: new Set(portal),
    requestId: newId(),
  });
}

/** An MSP with its internal client and as many further clients as asked for. */
export async function buildMsp(
  app: TestApp,
  options: { slug?: string; clients?: number } = {},
): Promise<{ mspId: MspId; internalClientId: ClientId; clientIds: ClientId[] }> {
  const mspId = newId<'msp'>();
  const scope = systemScope(mspId);
  const slug = options.slug ?? `msp-${mspId.slice(-8)}`;
  const { internalClientId } = await app.container
    .resolve(CreateMsp)
    .run(scope, { name: `MSP ${slug}`, slug, timeZone: 'Europe/London', currency: 'GBP' });
  const clientIds: ClientId[] = [];
  for (let index = 0; index < (options.clients ?? 1); index += 1) {
    const { clientId } = await app.container.resolve(CreateClient).run(scope, {
      name: `Client ${index + 1} of ${slug}`,
      timeZone: 'Europe/London',
      state: 'active',
      emailDomains: [],
    });
    clientIds.push(clientId);
  }
  return { mspId, internalClientId, clientIds };
}
