import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator, type Migration, type MigrationProvider } from 'kysely/migration';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { UnavailableError } from '#kernel/errors';

/** The oldest PostgreSQL whose security-invoker views and row policies we rely on. */
const OLDEST_POSTGRES = 15;
/** Of the advisory lock under which one server at a time makes pg-boss's schema: any number that nothing else in the database uses. */
const JOBS_LOCK = 4_021_873_365;

/** The folders of a source tree that hold migrations, `<module>/migrations`, given the folder of modules. */
async function migrationFolders(modulesFolder: string, platformFolder: string): Promise<string[]> {
  const modules = await readdir(modulesFolder, { withFileTypes: true });
  return [
    platformFolder,
    ...modules.filter((entry) => entry.isDirectory()).map((entry) => join(modulesFolder, entry.name, 'migrations')),
  ];
}

/** Collects `<UTC stamp>-<verb-noun>.ts` of all modules, in the order of their names: there is no index to edit. */
class FolderMigrations implements MigrationProvider {
  readonly #folders: () => Promise<string[]>;

  constructor(folders: () => Promise<string[]>) {
    this.#folders = folders;
  }

  async getMigrations(): Promise<Record<string, Migration>> {
    const migrations: Record<string, Migration> = {};
    for (const folder of await this.#folders()) {
      const files = await readdir(folder).catch(() => []);
      for (const file of files.filter((name) => /^\d{8}T\d{6}Z-[a-z0-9-]+\.ts$/.test(name))) {
        const migration = (await import(pathToFileURL(join(folder, file)).href)) as Migration;
        migrations[file.slice(0, -3)] = { up: (db) => checkedAfter(migration, db) };
      }
    }
    return migrations;
  }
}

/** Checks the deferred keys of what a migration wrote before the next begins: PostgreSQL alters no table of which a row still waits to be checked. */
async function checkedAfter(migration: Migration, db: Kysely<unknown>): Promise<void> {
  await migration.up(db);
  await sql`set constraints all immediate`.execute(db);
  await sql`set constraints all deferred`.execute(db);
}

/**
 * Brings a database to this version, as its owner: first pg-boss's schema, then ours. Runs once at a time (an advisory lock), all or nothing.
 * Throws `database.too-old`, `database.newer-version`, `database.migration-failed`.
 */
export async function migrateDatabase(options: {
  ownerUrl: string;
  modulesFolder: string;
  platformFolder: string;
}): Promise<void> {
  const pool = new pg.Pool({ connectionString: options.ownerUrl, max: 2 });
  try {
    await refuseOldServer(pool);
    await migrateJobs(options.ownerUrl, pool);
    await migrateTables(
      pool,
      new FolderMigrations(() => migrationFolders(options.modulesFolder, options.platformFolder)),
    );
  } finally {
    await pool.end();
  }
}

async function refuseOldServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: string }>(`select current_setting('server_version_num') as version`);
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (major < OLDEST_POSTGRES) {
    throw new UnavailableError(
      'database.too-old',
      `PostgreSQL ${major} is too old; Bailiwick needs ${OLDEST_POSTGRES} or newer. Upgrade the server, or unset DATABASE_URL to use the embedded one.`,
    );
  }
}

/** Under a lock of our own: pg-boss locks its tables only, and two servers that grant at once fail on each other. */
async function migrateJobs(ownerUrl: string, pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [JOBS_LOCK]);
    const boss = new PgBoss({ connectionString: ownerUrl, max: 2, supervise: false, schedule: false });
    boss.on('error', () => {});
    await boss.start();
    await boss.stop({ graceful: false });
    await client.query(`
      grant usage on schema pgboss to bailiwick_app;
      grant select, insert, update, delete on all tables in schema pgboss to bailiwick_app;
      grant execute on all functions in schema pgboss to bailiwick_app;
      grant usage on all sequences in schema pgboss to bailiwick_app;`);
  } finally {
    // With its connection goes the lock.
    client.release(true);
  }
}

async function migrateTables(pool: pg.Pool, provider: MigrationProvider): Promise<void> {
  const db = new Kysely<never>({
    dialect: new PostgresDialect({
      pool: new Proxy(pool, {
        get: (target, key) => (key === 'end' ? async () => {} : Reflect.get(target, key, target)),
      }),
    }),
  });
  const migrator = new Migrator({
    db,
    provider,
    allowUnorderedMigrations: true,
    migrationTableName: 'schema_migration',
    migrationLockTableName: 'schema_migration_lock',
  });
  await refuseNewerSchema(pool, provider);
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'unknown';
    throw new UnavailableError(
      'database.migration-failed',
      `Migration ${failed} failed: ${error instanceof Error ? error.message : String(error)}. Nothing was changed.`,
      { cause: error },
    );
  }
}

async function refuseNewerSchema(pool: pg.Pool, provider: MigrationProvider): Promise<void> {
  const { rows: tables } = await pool.query(
    `select 1 from pg_class where relname = 'schema_migration' and relnamespace = 'public'::regnamespace`,
  );
  if (tables.length === 0) return;
  const known = new Set(Object.keys(await provider.getMigrations()));
  const { rows } = await pool.query<{ name: string }>('select name from schema_migration');
  const unknown = rows.find((row) => !known.has(row.name));
  if (unknown !== undefined) {
    throw new UnavailableError(
      'database.newer-version',
      `The database was written by a newer version of Bailiwick (it has ${unknown.name}). Start that version or restore an older backup.`,
    );
  }
}
