import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve, type ServerType } from '@hono/node-server';
import { generatePublisherKey } from '@bailiwick/plugin-runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClientId } from '../../packages/core/src/kernel/id.ts';
import type { PluginId } from '../../packages/core/src/modules/plugins/index.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { runPluginCommand, startPluginCommand } from '../support/plugin-command.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../support/test-app.ts';
import { testHttpApp } from '../support/test-http.ts';
import { connectTestPlugin, startFakeVendor, type FakeVendor } from '../support/test-plugin.ts';
import { liveVendor } from './live-vendor.ts';
import { onAddress, plant } from './plant.ts';

const acme = fileURLToPath(new URL('acme', import.meta.url));
const apiKey = 'bwk-of-the-author-0123456789';

let app: TestApp;
let server: ServerType;
let address: string;
let vendor: FakeVendor;
let planted: Awaited<ReturnType<typeof plant>>;
let scope: TenantScope;
let clientId: ClientId;
let source: string;

/** The API as the author's key sees it. */
async function api<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${address}/api/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeAll(async () => {
  app = await startTestApp({ workers: true });
  const msp = await buildMsp(app);
  [clientId] = msp.clientIds as [ClientId];
  scope = staffScope(msp.mspId);
  const http = testHttpApp(app, new Map([['author', scope]]));
  server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      const headers = new Headers(request.headers);
      if (headers.get('authorization') === `Bearer ${apiKey}`) headers.set('x-test-scope', 'author');
      return http.fetch(new Request(request, { headers }));
    },
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const bound = server.address();
  address = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : ''}`;
  vendor = await startFakeVendor(
    liveVendor(({ headers }) => (headers['x-api-key'] === 'live-key' ? null : { status: 401, json: {} })),
  );
  planted = await plant(acme, onAddress.changes);
  await onAddress.declare(planted.folder);
  source = await readFile(join(planted.folder, 'src', 'plugin.ts'), 'utf8');
  const live = {
    connection: 'account',
    config: { url: vendor.url },
    secrets: { key: 'live-key', signingKey: 'other' },
  };
  await writeFile(join(planted.folder, 'live.json'), JSON.stringify(live));
  await writeFile(join(planted.folder, 'author.pem'), generatePublisherKey().pem);
});

afterAll(async () => {
  server.close();
  await vendor[Symbol.asyncDispose]();
  await planted[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const dev = (...more: readonly string[]) =>
  startPluginCommand(
    planted.folder,
    ['dev', '.', '--config', 'live.json', '--console', address, '--key', 'author.pem', ...more],
    { BAILIWICK_API_KEY: apiKey },
  );

it('installs the first build, and shows the records of each later one in the console', async () => {
  await using running = dev();
  await running.prints(/→ installed; it may:[\s\S]*connect an account to see records/);
  const { items } = await api<{ items: { id: PluginId; name: string }[] }>('GET', 'plugins');
  expect(items).toMatchObject([{ name: 'test/acme' }]);
  const connectionId = await connectTestPlugin(app, scope, {
    pluginId: items[0]?.id as PluginId,
    vendor,
    secrets: { key: 'live-key', signingKey: 'other' },
  });
  const north = await until(async () => {
    const found = await api<{ items: { id: string; name: string; version: number }[] }>('GET', 'plugin-scopes');
    return found.items.find(({ name }) => name === 'North');
  });
  await api('PUT', `plugin-scopes/${north.id}/mapping`, { version: north.version, clientId });
  const names = async (): Promise<readonly string[]> => {
    const path = `plugin-records?entity=device&clientId=${clientId}&connectionId=${connectionId}`;
    return (await api<{ items: { name: string }[] }>('GET', path)).items.map(({ name }) => name);
  };
  expect(await until(async () => ((await names()).length === 4 ? names() : undefined))).toContain('north-pc-1');

  const delivered = running.prints(/→ the console runs this build\n→ \d+ streams of Acme are read again/);
  await writeFile(
    join(planted.folder, 'src', 'plugin.ts'),
    source.replace('data: { name }', 'data: { name: `saved ${name}` }'),
  );
  await delivered;
  expect(await until(async () => ((await names()).includes('saved north-pc-1') ? names() : undefined))).toHaveLength(4);
});

it('asks before a build may do more', async () => {
  const path = join(planted.folder, 'plugin.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { capabilities: object };
  await writeFile(path, JSON.stringify({ ...manifest, capabilities: { ...manifest.capabilities, state: true } }));
  {
    await using running = dev();
    await running.prints(/→ not updated: this build asks for more\. Start dev with --accept to consent to:\n→ {3}\w+/);
  }
  await using running = dev('--accept');
  await running.prints(/→ the console runs this build/);
});

it('says what is wrong with the key, and never sends it over an open line', async () => {
  const run = (at: string, key: string) =>
    runPluginCommand(planted.folder, ['dev', '.', '--console', at, '--key', 'author.pem'], { BAILIWICK_API_KEY: key });
  expect(await run(address, '')).toMatchObject({
    code: 1,
    output: expect.stringContaining('BAILIWICK_API_KEY') as string,
  });
  expect(await run('http://bailiwick.example', apiKey)).toMatchObject({
    code: 1,
    output: expect.stringContaining('is reached by https') as string,
  });
  await using wrong = startPluginCommand(
    planted.folder,
    ['dev', '.', '--config', 'live.json', '--console', address, '--key', 'author.pem'],
    { BAILIWICK_API_KEY: 'bwk-of-somebody-else-9876543210' },
  );
  await wrong.prints(/✗ http:\/\/127\.0\.0\.1:\d+ answered 401 to \/api\/v1\/plugin-packages: Sign in first/);
});
