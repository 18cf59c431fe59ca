import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NinjaOneEmulator, startNinjaOne } from './ninjaone.ts';

let now: Temporal.Instant;
let ninja: NinjaOneEmulator;

beforeEach(async () => {
  now = Temporal.Instant.from('2026-11-21T12:00:00Z');
  ninja = await startNinjaOne({ now: () => now });
});
afterEach(async () => ninja.stop());

async function askToken(form: Record<string, string>): Promise<Response> {
  return fetch(`${ninja.url}/ws/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
}

function clientForm(overrides: Record<string, string> = {}): Record<string, string> {
  return {
    grant_type: 'client_credentials',
    client_id: ninja.clientId,
    client_secret: ninja.clientSecret,
    scope: 'monitoring management control',
    ...overrides,
  };
}

async function token(scope = 'monitoring management control'): Promise<string> {
  const answer = await askToken(clientForm({ scope }));
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function call(path: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${init.token ?? (await token())}`, 'content-type': 'application/json' };
  return fetch(`${ninja.url}${path}`, { ...init, headers });
}

async function read<T>(path: string): Promise<T> {
  const answer = await call(path);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

describe('POST /ws/oauth/token', () => {
  it('gives a token for an hour', async () => {
    const answer = await askToken(clientForm());
    expect(await answer.json()).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'monitoring management control',
    });
  });

  it.each([
    ['a wrong secret', { client_secret: 'x' }, 401, 'invalid_client'],
    ['a scope that it may not have', { scope: 'monitoring everything' }, 400, 'invalid_scope'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('refuses %s', async (_what, overrides, status, error) => {
    const answer = await askToken(clientForm(overrides as Record<string, string>));
    expect([answer.status, await answer.json()]).toMatchObject([status, { error }]);
  });

  it('lets tokens end', async () => {
    const made = await token();
    now = now.add({ minutes: 59, seconds: 59 });
    expect((await call('/v2/organizations', { token: made })).status).toBe(200);
    now = now.add({ seconds: 1 });
    expect((await call('/v2/organizations', { token: made })).status).toBe(401);
  });
});

describe('scopes', () => {
  it('let monitoring read, and nothing more', async () => {
    const reader = await token('monitoring');
    expect((await call('/v2/alerts', { token: reader })).status).toBe(200);
    const refused = await call('/v2/device/11/reboot/NORMAL', { method: 'POST', token: reader });
    expect([refused.status, await refused.json()]).toMatchObject([403, { error: 'insufficient_scope' }]);
    expect((await call('/v2/device/11/script/run', { method: 'POST', token: reader, body: '{}' })).status).toBe(403);
    expect((await call('/v2/alerts', { token: await token('control') })).status).toBe(403);
  });
});

describe('lists', () => {
  it('go on after the last id', async () => {
    const ids: number[] = [];
    for (let after = 0; ; after = ids.at(-1) ?? 0) {
      const page = await read<{ id: number }[]>(`/v2/devices-detailed?pageSize=3&after=${after}`);
      if (page.length === 0) break;
      ids.push(...page.map((device) => device.id));
    }
    expect(ids).toEqual([11, 12, 13, 14, 21, 22, 23, 24]);
    const [first] = await read<{ name: string }[]>('/v2/organizations?pageSize=1&after=1');
    expect(first?.name).toBe('Keller Metallbau');
  });

  it('clash: the same names and serial numbers in two organisations', async () => {
    const [a, b] = await Promise.all(
      [1, 2].map((org) =>
        read<{ systemName: string; system: { serialNumber: string } }[]>(`/v2/devices-detailed?df=org=${org}`),
      ),
    );
    expect(a?.map((one) => [one.systemName, one.system.serialNumber])).toEqual(
      b?.map((one) => [one.systemName, one.system.serialNumber]),
    );
  });

  it.each([
    ['org = 1 AND offline', [14]],
    ['class in (MAC, LINUX_SERVER) AND org = 2', [23, 24]],
    ['id != 11 AND class = WINDOWS_SERVER', [21]],
  ])('take the device filter %s', async (filter, ids) => {
    const found = await read<{ id: number }[]>(`/v2/devices-detailed?df=${encodeURIComponent(filter)}`);
    expect(found.map((device) => device.id)).toEqual(ids);
  });

  it('refuse what they do not understand', async () => {
    expect((await call('/v2/devices-detailed?df=colour=red')).status).toBe(400);
    expect((await call('/v2/devices-detailed?pageSize=0')).status).toBe(400);
    expect((await call('/v2/device/999')).status).toBe(404);
    expect((await call('/v2/nothing')).status).toBe(404);
  });
});

describe('queries', () => {
  interface Page {
    results: { deviceId: number; name: string }[];
    cursor?: { name: string };
  }

  it('are read through a cursor, also when the last page is full', async () => {
    const all: Page['results'] = [];
    let pages = 0;
    for (let cursor = ''; ; pages += 1) {
      const page = await read<Page>(`/api/v2/queries/software?pageSize=6${cursor}`);
      all.push(...page.results);
      if (page.cursor === undefined) break;
      cursor = `&cursor=${page.cursor.name}`;
    }
    expect([all.length, pages]).toEqual([24, 4]);
    expect((await read<Page>('/v2/queries/os-patches')).results).toHaveLength(8);
    expect((await read<Page>('/v2/queries/os-patches?status=FAILED')).results).toHaveLength(4);
    expect((await read<Page>('/v2/queries/software-patches?df=org=1')).results).toHaveLength(3);
    expect((await read<Page>('/v2/queries/computer-systems?df=org=1')).results).toHaveLength(4);
  });

  it('refuse a cursor of another query, or one that has expired', async () => {
    const page = await read<Page>('/v2/queries/software?pageSize=2');
    const name = page.cursor?.name ?? '';
    expect((await call(`/v2/queries/os-patches?cursor=${name}`)).status).toBe(400);
    now = now.add({ minutes: 11 });
    expect((await call(`/v2/queries/software?pageSize=2&cursor=${name}`)).status).toBe(400);
  });
});

describe('alerts', () => {
  it('are listed until somebody resets them', async () => {
    const uid = ninja.raiseAlert(21);
    expect(await read('/v2/alerts')).toMatchObject([
      { uid, deviceId: 21, createTime: 1_795_262_400, device: { organizationId: 2 } },
    ]);
    expect(await read('/v2/alerts?df=org=1')).toEqual([]);
    expect((await call(`/v2/alert/${uid}`, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/v2/alert/${uid}`, { method: 'DELETE' })).status).toBe(404);
    expect(await read('/v2/alerts')).toEqual([]);
  });
});

describe('scripts and reboots', () => {
  const run = async (device: number, body: object) =>
    call(`/v2/device/${device}/script/run`, { method: 'POST', body: JSON.stringify(body) });

  it('are a job while they run, and a line in the log when they end', async () => {
    expect((await run(11, { type: 'SCRIPT', id: 101, runAs: 'system' })).status).toBe(204);
    expect(await read('/v2/device/11/jobs')).toMatchObject([{ jobStatus: 'IN_PROCESS', deviceId: 11 }]);
    now = now.add({ seconds: 5 });
    expect(await read('/v2/device/11/jobs')).toEqual([]);
    const log = await read<{ activities: { statusCode: string; activityResult?: string }[] }>(
      '/v2/device/11/activities',
    );
    expect(log.activities.map((one) => [one.statusCode, one.activityResult])).toEqual([
      ['COMPLETED', 'SUCCESS'],
      ['STARTED', undefined],
      ['START_REQUESTED', undefined],
    ]);
  });

  it('wait for a device that is offline', async () => {
    await run(14, { type: 'SCRIPT', id: 103 });
    now = now.add({ hours: 1 });
    expect(await read('/v2/jobs?df=org=1')).toMatchObject([{ jobStatus: 'START_REQUESTED' }]);
    for (const device of ninja.world.devices) device.isOffline = false;
    await read('/v2/jobs');
    now = now.add({ seconds: 5 });
    expect(await read('/v2/activities?status=COMPLETED')).toMatchObject({
      activities: [{ activityResult: 'FAILURE' }],
    });
  });

  it('refuse what is not there', async () => {
    expect((await run(11, { type: 'SCRIPT', id: 999 })).status).toBe(404);
    expect((await run(11, { type: 'MAGIC', id: 101 })).status).toBe(400);
    expect((await run(11, { type: 'SCRIPT', id: 101, runAs: 'root' })).status).toBe(400);
    expect((await call('/v2/device/11/reboot/SOON', { method: 'POST' })).status).toBe(400);
    expect((await call('/v2/device/11/reboot/FORCED', { method: 'POST' })).status).toBe(204);
    const options = await read<{ scripts: object[] }>('/v2/device/11/scripting/options');
    expect(options.scripts).toHaveLength(4);
  });
});

describe('PUT /v2/webhook', () => {
  it('tells the activities that were asked for, with the headers that were given', async () => {
    const received: { header: string | undefined; body: unknown }[] = [];
    const receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push({ header: request.headers['x-key']?.toString(), body: JSON.parse(body) });
        response.end();
      });
    });
    await new Promise<void>((resolve) => {
      receiver.listen(0, '127.0.0.1', resolve);
    });
    const address = receiver.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const configuration = {
      url: `http://127.0.0.1:${port}/in`,
      activities: { CONDITION: ['TRIGGERED'] },
      expand: ['device', 'organization'],
      headers: [{ name: 'X-Key', value: 'secret' }],
    };
    expect((await call('/v2/webhook', { method: 'PUT', body: JSON.stringify(configuration) })).status).toBe(204);
    const uid = ninja.raiseAlert(11);
    ninja.resetAlert(uid);
    await ninja.delivered();
    expect(received).toMatchObject([
      {
        header: 'secret',
        body: { seriesUid: uid, statusCode: 'TRIGGERED', device: { id: 11 }, organization: { id: 1 } },
      },
    ]);
    await call('/v2/webhook', { method: 'DELETE' });
    ninja.raiseAlert(11);
    await ninja.delivered();
    expect(ninja.deliveries).toHaveLength(1);
    receiver.close();
  });

  it('refuses a configuration without an address', async () => {
    expect((await call('/v2/webhook', { method: 'PUT', body: '{"activities":{}}' })).status).toBe(400);
    expect((await call('/v2/webhook', { method: 'PUT', body: 'x' })).status).toBe(400);
  });
});

describe('faults', () => {
  it('are what tests ask for', async () => {
    ninja.throttle(1, 7);
    const refused = await call('/v2/alerts');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    ninja.fail(1);
    expect((await call('/v2/alerts')).status).toBe(500);
    const made = await token();
    ninja.revokeTokens();
    expect((await call('/v2/alerts', { token: made })).status).toBe(401);
    expect(ninja.requests.at(-1)).toEqual({ method: 'GET', path: '/v2/alerts', status: 401 });
  });
});
