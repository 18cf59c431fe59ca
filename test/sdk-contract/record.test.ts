import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accept } from '@bailiwick/plugin-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runPluginCommand } from '../support/plugin-command.ts';
import { startFakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '../support/test-plugin.ts';
import { liveVendor } from './live-vendor.ts';
import { onAddress, plant } from './plant.ts';

const acme = fileURLToPath(new URL('acme', import.meta.url));
const key = 'live-k3y-0f-the-vendor';
const token = 'tok-9d1c55f0e2b7';

let planted: Awaited<ReturnType<typeof plant>>;
let outside: string;
let vendor: FakeVendor;

/** Signs in with the key and gives a token, which is no secret of the configuration. */
function signIn({ path, headers, body }: VendorRequest): VendorAnswer | null {
  if (path === '/v1/login') {
    const isRight = (JSON.parse(body) as { key?: string }).key === key;
    return isRight ? { json: { result: { token } } } : { status: 401, json: { error: 'bad key' } };
  }
  if (headers['x-session'] !== token) return { status: 401, json: { error: `bad session ${headers['x-session']}` } };
  // Vendors repeat the session: it has to be taken out of what is recorded too.
  return path === '/v1/me' ? { json: { email: 'ops@msp.example', session: token } } : null;
}

beforeAll(async () => {
  vendor = await startFakeVendor(liveVendor(signIn));
  outside = await mkdtemp(join(tmpdir(), 'bailiwick-live-'));
  planted = await plant(acme, [
    ...onAddress.changes,
    [
      "auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] }",
      "auth: { kind: 'login', request: { method: 'POST', url: '{config.url}/v1/login', body: { key: '{secret.key}' } }, token: '/result/token', apply: [{ in: 'header', name: 'x-session', value: '{token}' }] }",
    ],
  ]);
  await onAddress.declare(planted.folder);
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
  vendor = await startFakeVendor(liveVendor(signIn));
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
