import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import {
  failToStart,
  freePort,
  removeFolder,
  runCommand,
  scratchFolder,
  startServerProcess,
  type ServerProcess,
} from '../support/server-process.ts';

describe('npm start, when something is wrong', () => {
  it('lists every bad setting in one error', async () => {
    const { code, errors } = await failToStart({
      PORT: '99999',
      BAILIWICK_ROLE: 'boss',
      DATABASE_URL: 'mysql://x',
      BAILIWICK_SECRET_KEY: 'short',
    });
    expect(code).toBe(1);
    for (const name of ['PORT', 'BAILIWICK_ROLE', 'DATABASE_URL', 'BAILIWICK_SECRET_KEY'])
      expect(errors).toContain(name);
  });

  it('says which port is taken and what to do', async () => {
    const dataDir = scratchFolder();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, errors } = await failToStart({ BAILIWICK_DATA_DIR: dataDir, PORT: String(port) });
    taken.close();
    removeFolder(dataDir);
    expect(code).toBe(1);
    expect(errors.trim()).toBe(`Port ${port} on 127.0.0.1 is taken. Stop what uses it, or set PORT to another one.`);
  });

  it('says that the database cannot be reached', async () => {
    const url = `postgres://nobody:x@127.0.0.1:${await freePort()}/none`;
    const { code, errors } = await failToStart({
      BAILIWICK_DATA_DIR: '/nonexistent',
      DATABASE_URL: url,
      DATABASE_OWNER_URL: url,
      DATABASE_AUTH_URL: url,
    });
    expect(code).toBe(1);
    expect(errors.trim().split('\n')).toHaveLength(1);
    expect(errors).toContain('cannot be reached');
  });

  it('refuses an application role that row-level security does not bind', async () => {
    await using database = await createTestDatabase();
    const { code, errors } = await failToStart({
      DATABASE_URL: database.superuserUrl,
      DATABASE_OWNER_URL: database.urls.owner,
      DATABASE_AUTH_URL: database.urls.auth,
    });
    expect(code).toBe(1);
    expect(errors).toContain('row-level security does not bind');
    const owner = await failToStart({
      DATABASE_URL: database.urls.owner,
      DATABASE_OWNER_URL: database.urls.owner,
      DATABASE_AUTH_URL: database.urls.auth,
    });
    expect(owner.errors).toContain('row-level security does not bind');
  });

  it('says that a role lacks its rights', async () => {
    await using database = await createTestDatabase();
    const { code, errors } = await failToStart({
      DATABASE_URL: database.urls.auth,
      DATABASE_OWNER_URL: database.urls.owner,
      DATABASE_AUTH_URL: database.urls.auth,
    });
    expect(code).toBe(1);
    expect(errors).toMatch(/may not use Bailiwick's tables|lacks rights/);
  });

  it('refuses a wrong password in one line', async () => {
    const url = new URL(inject('testServer').urls.app);
    url.password = 'wrong';
    const { errors } = await failToStart({
      DATABASE_URL: url.href,
      DATABASE_OWNER_URL: url.href,
      DATABASE_AUTH_URL: url.href,
    });
    expect(errors.trim().split('\n')).toHaveLength(1);
    expect(errors).toContain('Check the user, password and database');
  });
});

describe('npm start', () => {
  const dataDir = scratchFolder();
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ dataDir });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  it('answers its probes', async () => {
    expect(await (await fetch(`${server.url}/healthz`)).text()).toBe('ok\n');
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('bailiwick_http_request_duration_seconds');
  });

  it('refuses a second instance on the same data folder', async () => {
    const { code, errors } = await failToStart({ BAILIWICK_DATA_DIR: dataDir, PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });

  it('lets the command line work beside it', async () => {
    const made = await runCommand(dataDir, [
      'msp',
      'create',
      '--name',
      'Northgate IT',
      '--slug',
      'northgate',
      '--currency',
      'GBP',
      '--zone',
      'Europe/London',
    ]);
    expect(made).toMatchObject({ code: 0, errors: '' });
    const again = await runCommand(dataDir, [
      'msp',
      'create',
      '--name',
      'Northgate IT',
      '--slug',
      'northgate',
      '--currency',
      'GBP',
    ]);
    expect(again).toMatchObject({ code: 1, errors: 'There is an MSP with the slug northgate already.\n' });
  });

  it('keeps what was acknowledged through kill -9 of the whole tree, and starts again', async () => {
    await server.killTree();
    server = await startServerProcess({ dataDir });
    const again = await runCommand(dataDir, [
      'msp',
      'create',
      '--name',
      'Northgate IT',
      '--slug',
      'northgate',
      '--currency',
      'GBP',
    ]);
    expect(again.errors).toContain('northgate already');
  });

  it('comes back when its PostgreSQL is killed', async () => {
    process.kill(postmasterPid(dataDir), 'SIGKILL');
    await expect
      .poll(async () => (await fetch(`${server.url}/readyz`)).status, { timeout: 5000, interval: 20 })
      .toBe(503);
    await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status, { timeout: 20_000 }).toBe(200);
  });

  it('stops cleanly on Ctrl-C and frees the data folder', async () => {
    expect(await server.interrupt()).toBe(0);
    server = await startServerProcess({ dataDir });
    expect(server.output()).toContain('Bailiwick is ready at');
  });
});

function postmasterPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}
