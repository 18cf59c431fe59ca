import { Client, escapeIdentifier, escapeLiteral } from 'pg';

/** Name of the database that the embedded server holds. */
export const databaseName = 'bailiwick';

/** Passwords of the roles that log in. A role without one here is expected to have its own. */
export interface RolePasswords {
  readonly owner?: string;
  readonly app?: string;
  readonly auth?: string;
}

const notPowerful = 'nosuperuser nobypassrls noreplication nocreatedb nocreaterole';

/**
 * The four roles and what each is for:
 *
 * - `bailiwick_owner` logs in to migrate; owns the database and all in it, but is bound by policies as everyone.
 * - `bailiwick_app` logs in to serve; owns nothing and reads nothing that no policy opens.
 * - `bailiwick_auth` logs in for sign-in; sees the schema of logins and sessions only.
 * - `bailiwick_finder` does not log in and nobody acts as it in a session; owns the search functions. The owner may hand
 *   functions over to it, which is all that its membership is for.
 */
const roles = [
  { name: 'bailiwick_owner', login: true, key: 'owner' },
  { name: 'bailiwick_app', login: true, key: 'app' },
  { name: 'bailiwick_auth', login: true, key: 'auth' },
  { name: 'bailiwick_finder', login: false, key: undefined },
] as const;

/**
 * Makes the roles and the database where they are missing, and sets the passwords given. Idempotent.
 *
 * Works for a superuser (the embedded server) and on a managed server for an administrator with CREATEROLE and CREATEDB.
 * A role that exists is taken as it is, apart from its password.
 *
 * @param adminUrl any database of the server, as that administrator
 */
export async function ensureRoles(options: {
  readonly adminUrl: string;
  readonly passwords: RolePasswords;
  readonly database?: string;
}): Promise<void> {
  const database = options.database ?? databaseName;
  await withClient(options.adminUrl, async (client) => {
    for (const { name, login, key } of roles) {
      await ensureRole(client, name, {
        isLogin: login,
        password: key === undefined ? undefined : options.passwords[key],
      });
    }
    await grantFinderToOwner(client);
    await ensureDatabase(client, database);
  });
  await grantDatabase({ adminUrl: options.adminUrl, database });
}

/**
 * Lets only our roles into a database and makes the owner its owner. A cloned database needs this again: what a
 * template grants is not copied with it.
 */
export async function grantDatabase(options: { readonly adminUrl: string; readonly database: string }): Promise<void> {
  const url = new URL(options.adminUrl);
  url.pathname = `/${options.database}`;
  const name = escapeIdentifier(options.database);
  await withClient(url.href, async (client) => {
    await client.query(
      `revoke all on database ${name} from public;
       grant connect on database ${name} to bailiwick_app, bailiwick_auth;
       grant connect, create, temporary on database ${name} to bailiwick_owner`,
    );
  });
}

async function withClient(connectionString: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function ensureRole(
  client: Client,
  name: string,
  { isLogin, password }: { isLogin: boolean; password: string | undefined },
): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  if (rowCount === 0) await client.query(`create role ${name} ${isLogin ? 'login' : 'nologin'} ${notPowerful}`);
  if (password !== undefined) await client.query(`alter role ${name} password ${escapeLiteral(password)}`);
}

async function grantFinderToOwner(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number; isMember: boolean }>(
    `select current_setting('server_version_num')::int as version,
            pg_has_role('bailiwick_owner', 'bailiwick_finder', 'member') as "isMember"`,
  );
  const state = rows[0];
  if (state === undefined || state.isMember) return;
  // From 16 on the owner can be allowed to hand over without getting the finder's rights itself.
  const options = state.version >= 160_000 ? ' with inherit false, set true' : '';
  await client.query(`grant bailiwick_finder to bailiwick_owner${options}`);
}

async function ensureDatabase(client: Client, database: string): Promise<void> {
  const { rows } = await client.query<{ owner: string }>(
    'select pg_get_userbyid(datdba) as owner from pg_database where datname = $1',
    [database],
  );
  if (rows[0]?.owner === 'bailiwick_owner') return;
  // Giving a database away needs membership in the new owner's role, which a superuser has by nature.
  const { rows: membership } = await client.query<{ isMember: boolean }>(
    `select pg_has_role(current_user, 'bailiwick_owner', 'member') as "isMember"`,
  );
  if (membership[0]?.isMember !== true) await client.query('grant bailiwick_owner to current_user');
  const name = escapeIdentifier(database);
  if (rows.length === 0) await client.query(`create database ${name} owner bailiwick_owner`);
  else await client.query(`alter database ${name} owner to bailiwick_owner`);
}
