import { existsSync, readFileSync } from 'node:fs';
import { UnavailableError } from '#kernel/errors';
import { databaseName } from './ensure-roles.ts';
import { type PostgresCredentials, postgresPaths } from './postgres-data-folder.ts';

/** The addresses of an embedded server, one for each role that logs in. */
export interface PostgresUrls {
  readonly superuser: string;
  readonly owner: string;
  readonly app: string;
  readonly auth: string;
}

/** The addresses that credentials stand for. */
export function postgresUrls({ passwords, port }: PostgresCredentials): PostgresUrls {
  const url = (role: string, password: string, database: string): string =>
    `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
  return {
    superuser: url('postgres', passwords.superuser, 'postgres'),
    owner: url('bailiwick_owner', passwords.owner, databaseName),
    app: url('bailiwick_app', passwords.app, databaseName),
    auth: url('bailiwick_auth', passwords.auth, databaseName),
  };
}

/** The addresses of the server that another process runs on this data folder. Throws `postgres.not-running` where there are none to read. */
export function runningPostgresUrls(dataDir: string): PostgresUrls {
  const { credentials } = postgresPaths(dataDir);
  if (!existsSync(credentials))
    throw new UnavailableError('postgres.not-running', `No database runs on ${dataDir}. Check BAILIWICK_DATA_DIR.`);
  return postgresUrls(JSON.parse(readFileSync(credentials, 'utf8')) as PostgresCredentials);
}
