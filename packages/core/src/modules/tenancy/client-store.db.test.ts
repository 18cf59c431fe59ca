import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId } from '#kernel/id';
import { ScopedDb } from '#platform/db/scoped-db';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { ClientStore } from './client-store.ts';
import type { TenancyTables } from './tenancy-table.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const LOCK_NOT_AVAILABLE = '55P03';

describe('a client that is locked for a change', () => {
  it('holds up another change, and nothing that only refers to it', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 1 });
    const [clientId] = clientIds as [ClientId];
    const db = app.container.resolve(ScopedDb).typed<TenancyTables>();
    await db.transaction(staffScope(mspId), async (tx) => {
      await new ClientStore().forChange(tx, clientId);
      // What PostgreSQL asks for when it checks a reference.
      const referred = await app.admin.query('select id from client where id = $1 for key share nowait', [clientId]);
      expect(referred.rowCount).toBe(1);
      await expect(
        app.admin.query('select id from client where id = $1 for no key update nowait', [clientId]),
      ).rejects.toMatchObject({ code: LOCK_NOT_AVAILABLE });
    });
  });
});
