import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ActionPlan, ActionResult } from '@bailiwick/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PluginBench } from '../support/plugin-bench.ts';
import { type NinjaOneEmulator, startNinjaOne } from './ninjaone/ninjaone.ts';

const [harbour, keller, bakery] = ['1', '2', '3'] as const;
const token = 'a long text of our own';

let ninja: NinjaOneEmulator;
let bench: PluginBench;

async function open(more: { clientSecret?: string } = {}): Promise<PluginBench> {
  const { url, clientId, clientSecret } = ninja;
  const secrets = { clientSecret, webhookToken: token, ...more };
  return PluginBench.open('ninjaone', { connection: 'instance', config: { url, clientId }, secrets });
}

beforeEach(async () => {
  ninja = await startNinjaOne();
  bench = await open();
});
afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  await ninja.stop();
});

/** What was asked since then, such as `GET /v2/alerts 200`. */
function askedSince(count: number): string[] {
  return ninja.requests.slice(count).map(({ method, path, status }) => `${method} ${path} ${status}`);
}

const writesSince = (count: number): string[] =>
  askedSince(count).filter((asked) => !asked.startsWith('GET') && !asked.includes('oauth'));

/** More devices for an organisation than one page has. */
function addDevices(organizationId: number, count: number): void {
  const [first] = ninja.world.devices;
  for (let index = 0; index < count; index += 1)
    ninja.world.devices.push({ ...first!, organizationId, id: 1000 + index, displayName: `pc-${index}` });
}

describe('discovery', () => {
  it('lists each organisation once, with the serial numbers of its devices', async () => {
    expect(await bench.call({ kind: 'check' })).toMatchObject({
      account: `${ninja.clientId} at ${new URL(ninja.url).host}`,
    });
    const found = await bench.discover();
    expect(found.map(({ id, name, kind }) => [id, name, kind])).toEqual([
      [harbour, 'Harbour Dental', 'organisation'],
      [keller, 'Keller Metallbau', 'organisation'],
      [bakery, 'Old Mill Bakery', 'organisation'],
    ]);
    expect(found[0]?.hints?.deviceSerials).toEqual(expect.arrayContaining(['CZC12345AB', 'C02XK1ABCDEF']));
    expect(found[2]?.hints?.deviceSerials).toEqual([]);
  });

  it('says that the secret is wrong', async () => {
    await bench[Symbol.asyncDispose]();
    bench = await open({ clientSecret: 'another-secret-than-theirs' });
    await expect(bench.call({ kind: 'check' })).rejects.toMatchObject({ failure: 'AuthFailed' });
  });
});

describe('streams', () => {
  it('read the devices of all organisations at once, page by page, and write nothing twice', async () => {
    addDevices(3, 700);
    expect(await bench.pass('devices')).toMatchObject({ end: 'complete', added: 708, refusedCount: 0 });
    expect([harbour, keller, bakery].map((id) => bench.records('devices', id).size)).toEqual([4, 4, 700]);
    expect(bench.records('devices', keller).get('21')).toMatchObject({
      name: 'DC01',
      kind: 'server',
      serialNumber: 'CZC12345AB',
      macAddresses: ['00:15:5D:01:02:03'],
      osName: 'Windows Server 2022 Standard Edition',
    });
    // That a device was seen again is no change of it.
    for (const device of ninja.world.devices) device.lastContact = device.lastContact.add({ minutes: 5 });
    expect(await bench.pass('devices')).toMatchObject({ added: 0, changed: 0, deleted: 0, unchanged: 708 });
    ninja.world.devices.pop();
    expect(await bench.pass('devices')).toMatchObject({ end: 'complete', changed: 0, deleted: 1 });
    expect(writesSince(0)).toEqual([]);
  });

  it.each([
    ['software', 12],
    ['patches', 7],
  ])('read %s of two organisations that clash, and write nothing twice', async (stream, count) => {
    for (const organisation of [harbour, keller])
      expect(await bench.pass(stream, organisation)).toMatchObject({ end: 'complete', added: count, refusedCount: 0 });
    const idsOf = (organisation: string): string[] => [...bench.records(stream, organisation).keys()];
    expect(idsOf(harbour).every((id) => id.startsWith('1'))).toBe(true);
    expect(idsOf(keller).every((id) => id.startsWith('2'))).toBe(true);
    expect(await bench.pass(stream, harbour)).toMatchObject({ end: 'complete', added: 0, changed: 0, deleted: 0 });
    expect(await bench.pass(stream, bakery)).toMatchObject({ end: 'complete', added: 0, failure: null });
    expect(writesSince(0)).toEqual([]);
  });

  it('follow the cursor of a report to its end', async () => {
    const [first] = ninja.world.software;
    for (let index = 0; index < 1000; index += 1) ninja.world.software.push({ ...first!, name: `Program ${index}` });
    expect(await bench.pass('software', harbour)).toMatchObject({ end: 'complete', added: 1012 });
    expect(ninja.requests.filter(({ path }) => path.endsWith('/queries/software'))).toHaveLength(3);
  });

  it('tell patches by their state', async () => {
    await bench.pass('patches', harbour);
    const found = [...bench.records('patches', harbour).values()].map(({ identifier, severity, state }) => [
      identifier,
      severity,
      state,
    ]);
    expect(found).toContainEqual(['KB5068861', 'critical', 'approved']);
    expect(found).toContainEqual(['KB5068221', 'unspecified', 'failed']);
    expect(found).toContainEqual([undefined, 'unspecified', 'missing']);
  });

  it('tell when an alert triggers and when it was reset', async () => {
    const [one, other] = [ninja.raiseAlert(11), ninja.raiseAlert(21, { subject: 'Disk' })];
    expect(await bench.pass('alerts')).toMatchObject({ end: 'complete', added: 2, refusedCount: 0 });
    expect(bench.records('alerts', harbour).get(one)).toMatchObject({ device: '11', title: 'CPU', state: 'open' });
    expect([...bench.records('alerts', keller).keys()]).toEqual([other]);
    expect(await bench.pass('alerts')).toMatchObject({ added: 0, changed: 0, deleted: 0, unchanged: 2 });
    ninja.resetAlert(one);
    expect(await bench.pass('alerts')).toMatchObject({ added: 0, deleted: 1 });
    expect(await bench.pass('alerts')).toMatchObject({ added: 0, deleted: 0 });
    expect(bench.records('alerts', keller).size).toBe(1);
  });
});

describe('what goes wrong on the way', () => {
  it('a token that ends half-way is made anew, and nothing is lost', async () => {
    addDevices(3, 600);
    await bench.discover();
    bench.exchanged = ({ request }) => {
      if (request.url.includes('devices-detailed') && !request.url.includes('after=')) ninja.revokeTokens();
    };
    const before = ninja.requests.length;
    expect(await bench.pass('devices')).toMatchObject({ end: 'complete', added: 608 });
    expect(askedSince(before)).toContain('GET /v2/devices-detailed 401');
    expect(askedSince(before).filter((asked) => asked.includes('oauth'))).toHaveLength(1);
  });

  it('waits as long as NinjaOne says, and comes to the same end', async () => {
    await bench.discover();
    ninja.throttle(1, 2);
    const started = Temporal.Now.instant();
    expect(await bench.pass('devices')).toMatchObject({ end: 'complete', added: 8 });
    expect(started.until(Temporal.Now.instant()).total('seconds')).toBeGreaterThanOrEqual(2);
    ninja.throttle(1, 3600);
    const before = ninja.requests.length;
    expect(await bench.pass('software', harbour)).toMatchObject({
      end: 'failed',
      failure: { failure: 'RateLimited', details: { retryAfterSeconds: 3600 } },
    });
    expect(askedSince(before)).toHaveLength(1);
  });

  it('a failure of NinjaOne is asked again, one that stays deletes nothing', async () => {
    expect(await bench.pass('devices')).toMatchObject({ added: 8 });
    ninja.fail(2);
    expect(await bench.pass('devices')).toMatchObject({ end: 'complete', unchanged: 8 });
    ninja.fail(4);
    expect(await bench.pass('devices')).toMatchObject({ end: 'failed', failure: { failure: 'Transient' }, deleted: 0 });
    expect(bench.records('devices', harbour).size).toBe(4);
  });
});

describe('actions', () => {
  const script = { target: '11', script: 'Collect logs' };
  const plan = async (name: string, input: Record<string, string>, scope: string = harbour): Promise<ActionPlan> =>
    bench.call(
      { kind: 'plan', name, input: { parameters: '', runAs: 'system', mode: 'normal', reason: 'Asked', ...input } },
      scope,
    );
  const apply = async (name: string, given: Record<string, string>): Promise<ActionResult> => {
    const input = { parameters: '', runAs: 'system', mode: 'normal', reason: 'Asked', ...given };
    const run = { idempotencyKey: 'k', plan: await plan(name, given), actor: 'ada' };
    return bench.call({ kind: 'apply', name, input, run }, harbour);
  };

  it('are planned without writing, the same each time', async () => {
    for (const [name, input] of [
      ['run-script', script],
      ['reboot', { target: '11' }],
    ] as const) {
      const [one, two] = [await plan(name, input), await plan(name, input)];
      expect(one).toEqual(two);
      expect(one).toMatchObject({ affected: [{ entity: 'device', id: '11' }], isReversible: false });
    }
    expect(writesSince(0)).toEqual([]);
  });

  it.each([
    ['run-script', script, 'POST /v2/device/11/script/run 204'],
    ['run-script', { target: '12', script: 'Run chkdsk' }, 'POST /v2/device/12/script/run 204'],
    ['reboot', { target: '11', mode: 'forced' }, 'POST /v2/device/11/reboot/FORCED 204'],
  ])('%s is done, once', async (name, input, asked) => {
    await apply(name, input);
    expect(writesSince(0)).toEqual([asked]);
  });

  it.each([429, 500])('reboot is not sent again where NinjaOne answers %i', async (status) => {
    const planned = await plan('reboot', { target: '11' });
    // The look at the device comes before.
    bench.exchanged = ({ request }) => {
      if (!request.url.endsWith('/device/11')) return;
      if (status === 429) ninja.throttle(1, 1);
      else ninja.fail(1);
    };
    const before = ninja.requests.length;
    const run = { idempotencyKey: 'k', plan: planned, actor: 'ada' };
    const input = { target: '11', mode: 'normal', reason: 'Asked' };
    await expect(bench.call({ kind: 'apply', name: 'reboot', input, run }, harbour)).rejects.toThrow();
    expect(writesSince(before)).toEqual([`POST /v2/device/11/reboot/NORMAL ${status}`]);
  });

  it('are refused for devices of another organisation, devices that are gone, and scripts that are not there', async () => {
    await expect(plan('reboot', { target: '21' })).rejects.toMatchObject({ failure: 'PermissionMissing' });
    await expect(plan('reboot', { target: '99' })).rejects.toMatchObject({ failure: 'NotSupported' });
    await expect(plan('reboot', { target: '11/../21' })).rejects.toMatchObject({ failure: 'NotSupported' });
    const unknown = { target: '11', script: 'Format all disks' };
    await expect(plan('run-script', unknown)).rejects.toMatchObject({ failure: 'NotSupported' });
    expect(writesSince(0)).toEqual([]);
  });

  it('need the scope Management', async () => {
    await bench[Symbol.asyncDispose]();
    await ninja.stop();
    ninja = await startNinjaOne({ scopes: ['monitoring'] });
    bench = await open();
    expect(await bench.pass('devices')).toMatchObject({ end: 'complete', added: 8 });
    await expect(apply('reboot', { target: '11' })).rejects.toMatchObject({ failure: 'PermissionMissing' });
  });
});

describe('the webhook', () => {
  it('is verified by its token, and says what to read', async () => {
    const delivered: { headers: Record<string, string>; rawBody: Uint8Array }[] = [];
    const server = createServer((request, response) => {
      void receive(request).then((rawBody) => {
        delivered.push({ headers: request.headers as Record<string, string>, rawBody });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    await putWebhook(`http://127.0.0.1:${(server.address() as AddressInfo).port}/in`);
    ninja.raiseAlert(21);
    await ninja.delivered();
    const [raw] = delivered;
    if (raw === undefined) throw new Error('Nothing was delivered.');
    const verified = bench.verify('activities', { ...raw, query: {} });
    if (!verified.ok) throw new Error(verified.reason);
    expect(await bench.call({ kind: 'handle', name: 'activities', delivery: verified.delivery })).toEqual({
      nudge: ['alerts'],
    });
    for (const forged of ['another', '', `${token} `, token.toUpperCase()])
      expect(bench.verify('activities', { ...raw, headers: { 'x-bailiwick-token': forged }, query: {} }).ok).toBe(
        false,
      );
    await new Promise((resolve) => void server.close(resolve));
  });

  /** As the README says. */
  async function putWebhook(url: string): Promise<void> {
    const { clientId, clientSecret } = ninja;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const answer = await fetch(`${ninja.url}/ws/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    const { access_token: bearer } = (await answer.json()) as { access_token: string };
    const put = await fetch(`${ninja.url}/v2/webhook`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        url,
        activities: { CONDITION: ['*'], SYSTEM: ['*'] },
        headers: [{ name: 'x-bailiwick-token', value: token }],
      }),
    });
    expect(put.status).toBe(204);
  }
});

async function receive(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
