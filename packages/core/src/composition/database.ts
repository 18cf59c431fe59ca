import pg from 'pg';
import { ConflictError, UnavailableError } from '#kernel/errors';
import { startEmbeddedPostgres } from '#platform/postgres/embedded-postgres';
import { runningPostgresUrls } from '#platform/postgres/postgres-urls';
import type { Settings } from '#platform/settings';
import { migrate } from './migrate.ts';

/** A migrated database and the addresses of its roles. */
export interface PreparedDatabase {
  readonly urls: { readonly owner: string; readonly app: string; readonly auth: string };
  /** A session connection for LISTEN; undefined where only a pooler in transaction mode is there. */
  readonly directUrl: string | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL, or takes the configured one, migrates it and checks that the application's role is as weak as it must be.
 * `joinRunning` takes the embedded server that another process already runs on the data folder. Throws errors whose message is one line that says what to do.
 */
export async function prepareDatabase(
  settings: Settings,
  progress: (line: string) => void,
  options: { joinRunning?: boolean } = {},
): Promise<PreparedDatabase> {
  const database = await openDatabase(settings, progress, options.joinRunning ?? false);
  try {
    await migrate({ ownerUrl: database.urls.owner });
    await checkRole(database.urls.app);
    return database;
  } catch (error) {
    await database.stop();
    throw unreachable(error) ?? error;
  }
}

async function openDatabase(
  settings: Settings,
  progress: (line: string) => void,
  mayJoin: boolean,
): Promise<PreparedDatabase> {
  const { DATABASE_URL: app, DATABASE_OWNER_URL: owner, DATABASE_AUTH_URL: auth } = settings;
  if (app !== undefined && owner !== undefined && auth !== undefined) {
    return {
      urls: { owner, app, auth },
      directUrl: settings.DATABASE_DIRECT_URL ?? (settings.DATABASE_PREPARED === 'off' ? undefined : app),
      stop: async () => {},
    };
  }
  progress('Starting PostgreSQL …');
  const embedded = await startEmbeddedPostgres({ dataDir: settings.BAILIWICK_DATA_DIR, log: progress }).catch(
    (error: unknown) => {
      if (mayJoin && error instanceof ConflictError && error.code === 'postgres.in-use') return null;
      throw error;
    },
  );
  if (embedded === null) {
    const urls = runningPostgresUrls(settings.BAILIWICK_DATA_DIR);
    return { urls, directUrl: urls.app, stop: async () => {} };
  }
  return { urls: embedded.urls, directUrl: embedded.urls.app, stop: () => embedded.stop() };
}

/** Row-level security is the wall between tenants; a role that it does not bind must not serve. */
async function checkRole(appUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ role: string; is_free: boolean; owns: boolean; can_read: boolean }>(`
      select current_user as role,
        (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as is_free,
        exists (select 1 from pg_class where relnamespace = 'public'::regnamespace and pg_has_role(current_user, relowner, 'usage')) as owns,
        has_table_privilege('client', 'select, insert') as can_read`);
    const role = rows[0];
    if (role === undefined) throw new UnavailableError('database.no-role', 'The database did not say who we are.');
    if (role.is_free || role.owns) {
      throw new UnavailableError(
        'database.role-too-strong',
        `DATABASE_URL signs in as ${role.role}, which row-level security does not bind. Use the role bailiwick_app, which owns nothing and is neither superuser nor BYPASSRLS.`,
      );
    }
    if (!role.can_read)
      throw new UnavailableError(
        'database.role-without-rights',
        `DATABASE_URL signs in as ${role.role}, which may not use Bailiwick's tables. Use the role bailiwick_app, to which the migrations grant them.`,
      );
  } finally {
    await client.end();
  }
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET', 'EAI_AGAIN']);
const REFUSED = new Set(['28P01', '28000', '3D000']);

function unreachable(error: unknown): UnavailableError | null {
  const code = (error as { code?: string } | null)?.code ?? '';
  const message = error instanceof Error ? error.message : String(error);
  if (UNREACHABLE.has(code))
    return new UnavailableError(
      'database.unreachable',
      `The database cannot be reached (${code}${message === '' ? '' : `: ${message}`}). Check DATABASE_URL and DATABASE_OWNER_URL, and that PostgreSQL is up.`,
      { cause: error },
    );
  if (REFUSED.has(code))
    return new UnavailableError(
      'database.refused',
      `The database refused us: ${message}. Check the user, password and database of DATABASE_URL and DATABASE_OWNER_URL.`,
      { cause: error },
    );
  if (code === '42501')
    return new UnavailableError(
      'database.role-without-rights',
      `The database role lacks rights: ${message}. DATABASE_OWNER_URL must own the database's public schema, DATABASE_URL must be bailiwick_app.`,
      { cause: error },
    );
  return null;
}
