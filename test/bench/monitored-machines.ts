import type { DependencyContainer } from 'tsyringe';
import type pg from 'pg';
import { randomBytes } from 'node:crypto';
import { makeContainer } from '../../packages/core/src/composition/container.ts';
import { startWorkers } from '../../packages/core/src/composition/workers.ts';
import { newId, type ClientId, type MspId } from '../../packages/core/src/kernel/id.ts';
import { makeTenantScope, type TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import type { AssetId } from '../../packages/core/src/modules/assets/asset-table.ts';
import { openPool } from '../../packages/core/src/platform/db/pool.ts';
import { openJobQueue } from '../../packages/core/src/platform/jobs/job-queue.ts';
import { readSettings } from '../../packages/core/src/platform/settings.ts';
import { fill, type BenchDatabase } from './bench-database.ts';

/** The product on a bench's database, without doors and with no worker running. */
export interface BenchPlatform extends AsyncDisposable {
  readonly container: DependencyContainer;
  readonly pool: pg.Pool;
}

/** Opens it with so many connections. */
export async function openBenchPlatform(
  database: BenchDatabase,
  connections: number,
  secretKey = randomBytes(32).toString('base64'),
): Promise<BenchPlatform> {
  const pool = openPool(database.urls.app, { max: connections });
  const jobs = await openJobQueue({ connectionString: database.urls.app, onError: () => {} });
  const settings = readSettings({
    BAILIWICK_DATA_DIR: database.dataDir,
    BAILIWICK_SECRET_KEY: secretKey,
  });
  const container = await makeContainer({ pool, jobs, settings, authUrl: database.urls.auth });
  await startWorkers({ container, jobs, isWorking: false });
  return {
    container,
    pool,
    async [Symbol.asyncDispose]() {
      await jobs.stop();
      await pool.end();
    },
  };
}

/** Machines of ten clients of one MSP. */
export interface Fleet {
  readonly mspId: MspId;
  readonly scope: TenantScope;
  readonly machines: readonly { readonly clientId: ClientId; readonly assetId: AssetId; readonly epoch: string }[];
}

/** Ten clients of one MSP, by plain inserts. */
export async function fillClients(
  superuserUrl: string,
): Promise<{ mspId: MspId; scope: TenantScope; clientIds: readonly ClientId[] }> {
  const mspId = newId<'msp'>();
  const clientIds = Array.from({ length: 10 }, () => newId<'client'>());
  await fill(superuserUrl, [
    [
      `insert into msp (msp_id, name, slug, time_zone, currency, created_at) values ($1, 'Bench', $2, 'Europe/London', 'GBP', now())`,
      [mspId, `bench-${mspId.slice(-12)}`],
    ],
    [
      `insert into client (msp_id, id, name, short_code, state, time_zone, created_at)
       select $1, id, 'Client ' || n, 'C' || n, 'active', 'Europe/London', now() from unnest($2::uuid[]) with ordinality c (id, n)`,
      [mspId, clientIds],
    ],
  ]);
  const scope = makeTenantScope({
    mspId,
    reach: { kind: 'all' },
    audience: 'system',
    actor: { kind: 'job', id: newId(), label: 'bench' },
    permissions: new Set(),
    requestId: newId(),
  });
  return { mspId, scope, clientIds };
}

/** Makes so many machines by plain inserts. */
export async function fillFleet(superuserUrl: string, count: number): Promise<Fleet> {
  const { mspId, scope, clientIds } = await fillClients(superuserUrl);
  const machines = Array.from({ length: count }, (_, index) => ({
    clientId: clientIds[index % clientIds.length] as ClientId,
    assetId: newId<'asset'>(),
    epoch: crypto.randomUUID(),
  }));
  await fill(superuserUrl, [
    [
      `insert into asset (msp_id, id, client_id, kind, name, source, is_managed, created_at)
       select $1, id, client_id, 'server', 'server-' || n, 'agent', true, now() from unnest($2::uuid[], $3::uuid[]) with ordinality a (id, client_id, n)`,
      [mspId, machines.map((machine) => machine.assetId), machines.map((machine) => machine.clientId)],
    ],
  ]);
  return { mspId, scope, machines };
}
