import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accept } from '@bailiwick/plugin-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runPluginCommand } from '../support/plugin-command.ts';
import { startFakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '../support/test-plugin.ts';
import { plant } from './plant.ts';

const acme = fileURLToPath(new URL('acme', import.meta.url));
const key = 'live-k3y-0f-the-vendor';
const token = 'tok-9d1c55f0e2b7';

let planted: Awaited<ReturnType<typeof plant>>;
let outside: string;
let vendor: FakeVendor;

/** The vendor of the good plugin on a real socket, with a sign-in: the token that it gives is no secret of the configuration. */
function liveVendor(): (request: VendorRequest) => VendorAnswer {
  const names = new Map<string, string>();
  return ({ method, path, headers, body }) => {
    const { pathname, searchParams } = new URL(path, 'http://vendor');
    if (pathname === '/v1/login') {
      const isRight = (JSON.parse(body) as { key?: string }).key === key;
      return isRight ? { json: { result: { token } } } : { status: 401, json: { error: 'bad key' } };
    }
    if (headers['x-session'] !== token) return { status: 401, json: { error: `bad session ${headers['x-session']}` } };
    if (pathname === '/v1/me') return { json: { email: 'ops@msp.example', session: token } };
    if (pathname === '/v1/sites')
      return {
        json: {
          items: [
            { id: 'north', name: 'North' },
            { id: 'south', name: 'South' },
          ],
        },
      };
    const [, site = '', list = '', id] = /^\/v1\/sites\/(\w+)\/(devices|alerts)(?:\/(\w+))?$/.exec(pathname) ?? [];
    if (list === 'alerts') {
      const after = Number(searchParams.get('after'));
      const items = [11, 12, 13].filter((at) => at > after).slice(0, 2);
      return {
        json: {
          items: items.map((at) => ({ id: at, title: `Disk full in ${site}`, openedAt: '2026-05-04T11:00:00Z' })),
          last: items.at(-1) ?? after,
        },
      };
    }
    if (list !== 'devices') return { status: 404, json: { error: 'not found' } };
    const nameOf = (at: string): string => names.get(`${site}/${at}`) ?? `${site}-pc-${at}`;
    if (id === undefined) {
      const page = Number(searchParams.get('page') ?? 1);
      const items = [1, 2, 3, 4].slice((page - 1) * 2, page * 2).map((at) => ({ id: at, name: nameOf(String(at)) }));
      return { json: { items, ...(page < 2 ? { next: page + 1 } : {}) } };
    }
    if (method === 'PUT') names.set(`${site}/${id}`, (JSON.parse(body) as { name: string }).name);
    return { json: { id: Number(id), name: nameOf(id) } };
  };
}

beforeAll(async () => {
  vendor = await startFakeVendor(liveVendor());
  outside = await mkdtemp(join(tmpdir(), 'bailiwick-live-'));
  planted = await plant(acme, [
    [
      'config: { key: field.secret(), signingKey: field.secret() }',
      'config: { url: field.url(), key: field.secret(), signingKey: field.secret() }',
    ],
    ["baseUrl: 'https://api.acme.example/v1/'", "baseUrl: '{config.url}/v1/'"],
    [
      "auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] }",
      "auth: { kind: 'login', request: { method: 'POST', url: '{config.url}/v1/login', body: { key: '{secret.key}' } }, token: '/result/token', apply: [{ in: 'header', name: 'x-session', value: '{token}' }] }",
    ],
  ]);
  const manifest = JSON.parse(await readFile(join(planted.folder, 'plugin.json'), 'utf8')) as object;
  await writeFile(join(planted.folder, 'plugin.json'), JSON.stringify({ ...manifest, egress: ['{config.url}'] }));
  // Only what is recorded answers.
  await rm(join(planted.folder, 'fixtures', 'vendor.ts'));
  await rm(join(planted.folder, 'fixtures', 'connection.json'));
  const live = { connection: 'account', config: { url: vendor.url }, secrets: { key, signingKey: 'live-signing-key' } };
  await writeFile(join(outside, 'live.json'), JSON.stringify(live));
});

afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await planted[Symbol.asyncDispose]();
  await rm(outside, { recursive: true, force: true });
});

it('records a live vendor, and the kit then passes on the recording alone', async () => {
  const { code, output } = await runPluginCommand(outside, [
    'record',
    planted.folder,
    '--config',
    'live.json',
    '--actions',
  ]);
  expect(output).toMatch(/✓ devices\s+8 devices/);
  expect(output).toMatch(/Wrote .*recorded\.cassette\.json: \d+ answers, secrets replaced/);
  expect(code).toBe(0);
  await vendor[Symbol.asyncDispose]();

  const { checks, tier } = await accept(planted.folder);
  expect(checks.filter(({ outcome }) => outcome === 'fail').map((check) => `${check.name}: ${check.reason}`)).toEqual(
    [],
  );
  expect(tier).toBe('gold');
  expect(checks.find(({ name }) => name === 'apply-holds')?.outcome).toBe('pass');
});

it('leaves no secret and no token in what it wrote', async () => {
  const folder = join(planted.folder, 'fixtures');
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  const text = texts.join('\n');
  for (const secret of [key, 'live-signing-key', token]) expect(text).not.toContain(secret);
  expect(text).toContain('[secret]');
  expect(text).toContain('made-up-key');
});

it('writes nothing where the vendor refuses', async () => {
  vendor = await startFakeVendor(liveVendor());
  const live = {
    connection: 'account',
    config: { url: vendor.url },
    secrets: { key: 'not-the-key', signingKey: 'other' },
  };
  await writeFile(join(outside, 'wrong.json'), JSON.stringify(live));
  const before = await readFile(join(planted.folder, 'fixtures', 'connection.json'), 'utf8');
  const { code, output } = await runPluginCommand(outside, ['record', planted.folder, '--config', 'wrong.json']);
  expect(code).toBe(1);
  expect(output).toMatch(/✗ check\s+AuthFailed[\s\S]*Nothing was written/);
  expect(output).not.toContain('not-the-key');
  expect(await readFile(join(planted.folder, 'fixtures', 'connection.json'), 'utf8')).toBe(before);
});
