import pg from 'pg';
import { typeParsers } from './types.ts';

/** Opens a pool. `pipeline` lets one flight carry several statements; nothing is sent before the first query. */
export function openPool(connectionString: string, options: { max?: number; applicationName?: string } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'bailiwick',
    types: typeParsers,
    pipeline: true,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  } as pg.PoolConfig);
  return survivingBreaks(pool);
}

/** Opens the pool for sign-in. It gives `Date`s, as better-auth expects them, and does not keep a process from ending. */
export function openAuthPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: 8,
    application_name: 'bailiwick sign-in',
    idleTimeoutMillis: 5000,
    connectionTimeoutMillis: 10_000,
    allowExitOnIdle: true,
  });
  return survivingBreaks(pool);
}

/**
 * An idle connection that the server closed is replaced on the next use, and one that breaks while it is lent out fails the query that uses it. Both are also told as events, which
 * would end the process where nobody listens; the pool listens to idle ones only.
 */
function survivingBreaks(pool: pg.Pool): pg.Pool {
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
