import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** PgBouncer in transaction mode in front of one database. */
export interface Pooler extends AsyncDisposable {
  readonly url: string;
}

/** Starts one with so few server connections that clients must share them. */
export async function startPgBouncer(program: string, target: string, options: { poolSize: number }): Promise<Pooler> {
  const to = new URL(target);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-pooler-'));
  const database = to.pathname.slice(1);
  writeFileSync(join(folder, 'users.txt'), `"${to.username}" "${to.password}"\n`);
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]\n${database} = host=127.0.0.1 port=${to.port} dbname=${database}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = ${folder}/users.txt\npool_mode = transaction\ndefault_pool_size = ${options.poolSize}\nmax_client_conn = 100\nlogfile = ${folder}/log\nignore_startup_parameters = extra_float_digits\n`,
  );
  const account: { uid?: number; gid?: number } = process.getuid?.() === 0 ? nobody() : {};
  if (account.uid !== undefined && account.gid !== undefined) {
    for (const file of ['', 'users.txt', 'pgbouncer.ini']) chownSync(join(folder, file), account.uid, account.gid);
    chmodSync(folder, 0o700);
  }
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], { ...account, stdio: 'ignore' });
  const url = `postgres://${to.username}:${to.password}@127.0.0.1:${port}/${database}`;
  await reachable(url, folder);
  return {
    url,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
      await ended;
      clearTimeout(timer);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PgBouncer refuses to run as root. */
function nobody(): { uid: number; gid: number } {
  const line =
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith('nobody:')) ?? 'nobody:x:65534:65534';
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

async function reachable(url: string, folder: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`PgBouncer did not answer: ${readFileSync(join(folder, 'log'), 'utf8')}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
