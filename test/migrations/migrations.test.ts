import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../packages/core/src/composition/migrate.ts';
import { createTestDatabase } from '../support/database.ts';

async function withOwner<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  it('brings an empty database up, and a second run changes nothing', async () => {
    await using database = await createTestDatabase({ isEmpty: true });
    await migrate({ ownerUrl: database.urls.owner });
    const first = await withOwner(database.urls.owner, (client) =>
      client.query('select name, timestamp from schema_migration order by name'),
    );
    await migrate({ ownerUrl: database.urls.owner });
    const second = await withOwner(database.urls.owner, (client) =>
      client.query('select name, timestamp from schema_migration order by name'),
    );
    expect(first.rows.length).toBeGreaterThan(3);
    expect(second.rows).toEqual(first.rows);
  });

  it('lets two servers that start at once migrate once', async () => {
    await using database = await createTestDatabase({ isEmpty: true });
    await expect(
      Promise.all([migrate({ ownerUrl: database.urls.owner }), migrate({ ownerUrl: database.urls.owner })]),
    ).resolves.toHaveLength(2);
  });

  it('refuses a database that a newer version wrote, and says so', async () => {
    await using database = await createTestDatabase();
    await withOwner(database.urls.owner, (client) =>
      client.query(
        `insert into schema_migration (name, timestamp) values ('20990101T000000Z-from-the-future', now()::text)`,
      ),
    );
    await expect(migrate({ ownerUrl: database.urls.owner })).rejects.toMatchObject({
      code: 'database.newer-version',
      message: expect.stringContaining('20990101T000000Z-from-the-future'),
    });
  });

  it('needs no superuser', async () => {
    await using database = await createTestDatabase();
    const { rows } = await withOwner(database.urls.owner, (client) =>
      client.query('select rolsuper, rolbypassrls from pg_roles where rolname = current_user'),
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);
  });
});
