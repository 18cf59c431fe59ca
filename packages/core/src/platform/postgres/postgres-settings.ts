import { totalmem } from 'node:os';

const MIB = 1024 * 1024;
/** What PostgreSQL keeps in its own memory, in MiB: beyond the most, the system's cache does as well. */
const LEAST_BUFFERS = 128;
const MOST_BUFFERS = 2048;

/**
 * Settings of the embedded server, on a machine that Bailiwick shares with it.
 *
 * @param memoryBytes what this process may use of the machine's memory
 * @param isFast for tests only: no write waits for the disk
 */
export function postgresSettings(memoryBytes: number, isFast: boolean): Readonly<Record<string, string>> {
  return { ...settings, ...memorySettings(memoryBytes), ...(isFast ? fastSettings : {}) };
}

/** An eighth of the memory for pages that are read again and again: half of what a machine of its own would give, since Node and the system's cache live here too. */
function memorySettings(memoryBytes: number): Record<string, string> {
  const memory = Math.floor(memoryBytes / MIB);
  const buffers = Math.min(Math.max(Math.floor(memory / 8), LEAST_BUFFERS), MOST_BUFFERS);
  return { shared_buffers: `${buffers}MB`, effective_cache_size: `${Math.max(Math.floor(memory / 2), buffers)}MB` };
}

/** What this process may use: the machine's memory, or less where a container sets a limit. */
export function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

const settings = {
  // Reached over the loopback address only, with a password: a socket's folder would need an account's rights.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: '200',
  work_mem: '8MB',
  maintenance_work_mem: '128MB',
  // Our queries are short; compiling one takes longer than running it.
  jit: 'off',
  random_page_cost: '1.1',
  min_wal_size: '160MB',
  max_wal_size: '2GB',
  wal_compression: 'on',
  checkpoint_timeout: '10min',
  // No replica and no decoding reads from an embedded server.
  wal_level: 'minimal',
  max_wal_senders: '0',
  idle_in_transaction_session_timeout: '60s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_line_prefix: '%m [%p] %q%u ',
  // A statement may hold secrets or personal data; the log gets the error, not the values.
  log_parameter_max_length_on_error: '0',
} as const;

const fastSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  // As a statement is planned after its fifth run: what fails only then, fails in a test at once.
  plan_cache_mode: 'force_generic_plan',
  checkpoint_timeout: '1h',
  autovacuum_naptime: '10s',
} as const;
