import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, startTestApp, staffScope, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { createTestDatabase } from '../../../../../test/support/database.ts';
import { openPool } from '../db/pool.ts';
import { ScopedDb } from '../db/scoped-db.ts';
import { readSettings } from '../settings.ts';
import { KeyRing } from './key-ring.ts';
import { openKeyRing } from './open-key-ring.ts';
import { SecretBox } from './secret-box.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const place = { clientId: null, table: 'planted', rowId: '00000000-0000-7000-8000-000000000009' };

describe('SecretBox', () => {
  it('opens what it sealed, there and nowhere else', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    const other = await buildMsp(app);
    const box = app.container.resolve(SecretBox);
    const db = app.container.resolve(ScopedDb);
    await db.transaction(systemScope(mspId), async (tx) => {
      const sealed = await box.seal(tx, place, 'hunter2');
      expect(sealed.includes('hunter2')).toBe(false);
      expect((await box.open(tx, place, sealed)).toString()).toBe('hunter2');
      const elsewhere = [
        { ...place, table: 'other' },
        { ...place, rowId: mspId },
        { ...place, clientId: clientIds[0] ?? null },
      ];
      for (const wrong of elsewhere)
        await expect(box.open(tx, wrong, sealed)).rejects.toMatchObject({ code: 'secrets.not-authentic' });
      for (let at = 0; at < sealed.length; at += 5) {
        const altered = Buffer.from(sealed);
        altered[at] = (altered[at] ?? 0) ^ 1;
        await expect(box.open(tx, place, altered)).rejects.toMatchObject({ code: 'secrets.not-authentic' });
      }
      await db.transaction(systemScope(other.mspId), async (foreign) => {
        await box.seal(foreign, place, 'x');
        await expect(box.open(foreign, place, sealed)).rejects.toMatchObject({ code: 'secrets.not-authentic' });
      });
    });
  });

  it('opens under a new key after rotation, and no longer needs the old one once re-wrapped', async () => {
    const { mspId } = await buildMsp(app);
    const db = app.container.resolve(ScopedDb);
    const [old, fresh] = [randomBytes(32), randomBytes(32)];
    const sealed = await db.transaction(staffScope(mspId), (tx) =>
      new SecretBox({ ring: new KeyRing(old) }).seal(tx, place, 'kept'),
    );
    const opened = (ring: KeyRing) =>
      db.transaction(staffScope(mspId), (tx) => new SecretBox({ ring }).open(tx, place, sealed));
    await expect(opened(new KeyRing(fresh))).rejects.toMatchObject({ code: 'secrets.unknown-key' });
    const both = new KeyRing(fresh, [old]);
    expect((await opened(both)).toString()).toBe('kept');
    expect(await db.transaction(staffScope(mspId), (tx) => new SecretBox({ ring: both }).rewrap(tx))).toBe(1);
    expect((await opened(new KeyRing(fresh))).toString()).toBe('kept');
  });
});

describe('openKeyRing', () => {
  it('refuses a key that the database was not written under, and takes a new one beside the old', async () => {
    await using database = await createTestDatabase();
    const pool = openPool(database.urls.app, { max: 2 });
    const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const ringOf = (environment: Record<string, string>) => openKeyRing(readSettings(environment), pool);
    await ringOf({ BAILIWICK_SECRET_KEY: first });
    await ringOf({ BAILIWICK_SECRET_KEY: first });
    await expect(ringOf({ BAILIWICK_SECRET_KEY: second })).rejects.toMatchObject({ code: 'secrets.wrong-key' });
    await ringOf({ BAILIWICK_SECRET_KEY: second, BAILIWICK_SECRET_KEY_PREVIOUS: first });
    await ringOf({ BAILIWICK_SECRET_KEY: second });
    await pool.end();
  });

  it('makes a key file that only its owner can read, and keeps it', async () => {
    await using database = await createTestDatabase();
    const pool = openPool(database.urls.app, { max: 2 });
    const folder = await mkdtemp(join(tmpdir(), 'bailiwick-key-'));
    const settings = readSettings({ BAILIWICK_DATA_DIR: folder });
    const ring = await openKeyRing(settings, pool);
    expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect((await openKeyRing(settings, pool)).current.id).toBe(ring.current.id);
    await pool.end();
    await rm(folder, { recursive: true });
  });
});
