import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

function makeDataDir(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'bailiwick-embedded-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

async function query(connectionString: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function until<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt > 100) throw error;
      await sleep(100);
    }
  }
}

function serverPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('startEmbeddedPostgres', () => {
  it('keeps data, passwords and port over a stop and a start, with secrets readable by us alone', async () => {
    using dataDir = makeDataDir();
    const first = await startEmbeddedPostgres({ dataDir: dataDir.path });
    await query(first.urls.owner, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir: dataDir.path });
    try {
      expect(second.urls).toEqual(first.urls);
      expect(await query(second.urls.owner, 'select answer from kept')).toEqual([{ answer: 42 }]);
      expect(statSync(join(dataDir.path, 'postgres.json')).mode & 0o777).toBe(0o600);
      expect(statSync(join(dataDir.path, 'postgres')).mode & 0o777).toBe(0o700);
    } finally {
      await second.stop();
    }
  });

  it('refuses a data folder that is in use, by one line that names the process', async () => {
    using dataDir = makeDataDir();
    const running = await startEmbeddedPostgres({ dataDir: dataDir.path, fast: true });
    try {
      await expect(startEmbeddedPostgres({ dataDir: dataDir.path })).rejects.toMatchObject({
        code: 'postgres.in-use',
        message: expect.stringMatching(new RegExp(`^[^\\n]*process ${process.pid}[^\\n]*$`)) as string,
      });
    } finally {
      await running.stop();
    }
    expect(existsSync(join(dataDir.path, 'postgres.lock'))).toBe(false);
  });

  it('takes over the lock of a process that is dead, even where its id is used again', async () => {
    using dataDir = makeDataDir();
    writeFileSync(join(dataDir.path, 'postgres.lock'), `${process.ppid} 1`);
    const server = await startEmbeddedPostgres({ dataDir: dataDir.path, fast: true });
    await server.stop();
  });

  it('refuses what a newer PostgreSQL wrote and leaves it alone', async () => {
    using dataDir = makeDataDir();
    const server = await startEmbeddedPostgres({ dataDir: dataDir.path, fast: true });
    await server.stop();
    writeFileSync(join(dataDir.path, 'postgres', 'PG_VERSION'), '19\n');
    await expect(startEmbeddedPostgres({ dataDir: dataDir.path })).rejects.toMatchObject({
      code: 'postgres.newer-version',
    });
    expect(existsSync(join(dataDir.path, 'postgres.lock'))).toBe(false);
  });

  it('brings the server back on the same port when it is killed, with what was committed', async () => {
    using dataDir = makeDataDir();
    const messages: string[] = [];
    const server = await startEmbeddedPostgres({ dataDir: dataDir.path, log: (message) => messages.push(message) });
    try {
      await query(server.urls.owner, 'create table kept as select 42 as answer');
      const killed = serverPid(dataDir.path);
      process.kill(killed, 'SIGKILL');
      expect(await until(() => query(server.urls.owner, 'select answer from kept'))).toEqual([{ answer: 42 }]);
      expect(serverPid(dataDir.path)).not.toBe(killed);
      expect(messages).toContainEqual(expect.stringMatching(/ended unexpectedly/));
    } finally {
      await server.stop();
    }
  });

  it('ends with its process when that is killed, and starts from what was left', async () => {
    using dataDir = makeDataDir();
    const entry = new URL('./embedded-postgres.ts', import.meta.url).href;
    const script = `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(entry)})
      const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir.path)} })
      console.log(server.urls.owner)
      setInterval(() => {}, 1000)`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
    );
    await query(url, 'create table kept as select 42 as answer');
    const orphan = serverPid(dataDir.path);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    const server = await startEmbeddedPostgres({ dataDir: dataDir.path });
    try {
      expect(isAlive(orphan)).toBe(false);
      expect(await query(server.urls.owner, 'select answer from kept')).toEqual([{ answer: 42 }]);
    } finally {
      await server.stop();
    }
  });
});
