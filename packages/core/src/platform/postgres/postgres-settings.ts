/**
 * Settings of the embedded server: for a machine with 2 to 8 GB that Bailiwick shares with itself.
 *
 * @param isFast for tests only: no write waits for the disk
 */
export function postgresSettings(isFast: boolean): Readonly<Record<string, string>> {
  return { ...settings, ...(isFast ? fastSettings : {}) };
}

const settings = {
  // Reached over the loopback address only, with a password: a socket's folder would need an account's rights.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: '200',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
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
  checkpoint_timeout: '1h',
  autovacuum_naptime: '10s',
} as const;
