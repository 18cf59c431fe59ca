import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPeer } from '../../scripts/peer-list.ts';
import type { ClientId, MspId } from '../../packages/core/src/kernel/id.ts';
import { clientCreated, type TenancyTables } from '../../packages/core/src/modules/tenancy/index.ts';
import { openPool } from '../../packages/core/src/platform/db/pool.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { readTableShapes } from '../../packages/core/src/platform/db/table-shapes.ts';
import { openJobQueue } from '../../packages/core/src/platform/jobs/job-queue.ts';
import { startPgBouncer, type Pooler } from '../support/pgbouncer.ts';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../support/test-app.ts';

const pooler = findPeer('pgbouncer');

describe.skipIf(pooler.path === undefined)(
  `ScopedDb behind PgBouncer in transaction mode${pooler.path === undefined ? ` (${pooler.reason})` : ''}`,
  () => {
    let app: TestApp;
    let bouncer: Pooler;
    let msps: { mspId: MspId; clientIds: ClientId[] }[];
    beforeAll(async () => {
      app = await startTestApp();
      msps = [
        await buildMsp(app, { clients: 3 }),
        await buildMsp(app, { clients: 4 }),
        await buildMsp(app, { clients: 5 }),
      ];
      bouncer = await startPgBouncer(pooler.path ?? '', app.database.urls.app, { poolSize: 1 });
    });
    afterAll(async () => {
      await bouncer[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    });

    it('keeps three MSPs apart that share one server connection, in 600 interleaved reads and transactions', async () => {
      const pool = openPool(bouncer.url, { max: 12 });
      const db = new ScopedDb<TenancyTables>({ pool, shapes: await readTableShapes(pool), prepared: false });
      const clientsOf = (mspId: MspId) =>
        db.read(staffScope(mspId), (query) => query.selectFrom('client').select(['id', 'msp_id']));
      const wrong: string[] = [];
      const tasks = Array.from({ length: 600 }, async (_, index) => {
        const { mspId, clientIds } = msps[index % msps.length]!;
        const rows =
          index % 2 === 0
            ? await clientsOf(mspId)
            : await db.transaction(staffScope(mspId), async (tx) =>
                tx.query.selectFrom('client').select(['id', 'msp_id']).execute(),
              );
        if (rows.length !== clientIds.length + 1 || rows.some((row) => row.msp_id !== mspId))
          wrong.push(`${index}: ${rows.length} rows`);
      });
      await Promise.all(tasks);
      expect(wrong).toEqual([]);
      await pool.end();
    });

    it('leaves nothing of a scope behind on the shared connection', async () => {
      const pool = openPool(bouncer.url, { max: 4 });
      const db = new ScopedDb<TenancyTables>({ pool, shapes: await readTableShapes(pool), prepared: false });
      await db.read(staffScope(msps[0]!.mspId), (query) => query.selectFrom('client').selectAll());
      await expect(
        db.transaction(staffScope(msps[0]!.mspId), async () => Promise.reject(new Error('broken off'))),
      ).rejects.toThrow('broken off');
      const { rows } = await pool.query('select count(*)::int as count from client');
      expect(rows).toEqual([{ count: 0 }]);
      await pool.end();
    });

    it('delivers jobs by polling, since no notification passes the pooler', async () => {
      const jobs = await openJobQueue({ connectionString: bouncer.url, onError: () => {} });
      const queue = jobs.subscribe(clientCreated, 'pooler-test');
      await jobs.createQueue(queue);
      const delivered = new Promise<unknown>(
        (resolve) => void jobs.work(queue, async (envelope) => resolve(envelope.payload)),
      );
      const pool = openPool(bouncer.url, { max: 2 });
      const db = new ScopedDb({ pool, shapes: await readTableShapes(pool), prepared: false });
      const { mspId, clientIds } = msps[0]!;
      await db.transaction(systemScope(mspId), async (tx) =>
        jobs.publish(tx, clientCreated, { aggregateId: clientIds[0]!, version: 1 }, { clientId: clientIds[0]! }),
      );
      expect(await delivered).toEqual({ clientId: clientIds[0] });
      await jobs.stop();
      await pool.end();
    });
  },
);
