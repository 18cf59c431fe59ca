import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../composition/http-server.ts';
import {
  connectHookPlugin,
  hookHttpApp,
  HOOK_SECRET,
  STANDARD_KEY,
  type HookPlugin,
} from '../../../../../test/support/hook-plugin.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { startFakeVendor, type FakeVendor } from '../../../../../test/support/test-plugin.ts';
import { IssuePages, listIssuesInput } from '../plugin-host/issue-page-queries.ts';
import type { TenantScope } from '#kernel/tenant-scope';
import { EntityQueries, listRecordsInput } from '../plugin-sync/record-queries.ts';
import { OpenWebhooks } from './open-webhooks.ts';

let app: TestApp;
let http: Hono;
let vendor: FakeVendor;
let staff: TenantScope;
let plugin: HookPlugin;

beforeAll(async () => {
  app = await startTestApp();
  http = hookHttpApp(app);
  vendor = await startFakeVendor(() => ({ status: 503 }));
  const { mspId, clientIds } = await buildMsp(app, { clients: 1 });
  staff = staffScope(mspId);
  const [north] = clientIds;
  if (north === undefined) throw new Error('a client was made');
  plugin = await connectHookPlugin(app, staff, { vendor, north });
}, 60_000);
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

interface Sent {
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly query?: string;
}

async function post(name: string, { body = '', headers = {}, query = '' }: Sent): Promise<number> {
  const response = await http.request(`${await plugin.path(name)}${query}`, { method: 'POST', body, headers });
  return response.status;
}

const sign = (text: string, key: string | Buffer = HOOK_SECRET) => createHmac('sha256', key).update(text);
const seconds = () => Math.floor(app.clock.now().epochMilliseconds / 1000);

/** How a vendor that knows the secret sends, by the webhook's name; `ageSeconds` is for those that say a time. */
const vendors: Readonly<Record<string, (body: string, ageSeconds?: number) => Sent>> = {
  standard: (body, ageSeconds = 0) => {
    const at = String(seconds() - ageSeconds);
    const id = sign(body).digest('hex');
    const signature = `v1,${sign(`${id}.${at}.${body}`, STANDARD_KEY).digest('base64')}`;
    return { body, headers: { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } };
  },
  stamped: (body, ageSeconds = 0) => {
    const at = String(seconds() - ageSeconds);
    return { body, headers: { 'x-time': at, 'x-signature': `sha256=${sign(`${at}.${body}`).digest('hex')}` } };
  },
  signed: (body) => ({ body, headers: { 'x-signature': `sha256=${sign(body).digest('hex')}`, 'x-id': `d${body}` } }),
  header: (body) => ({ body, headers: { 'x-token': `Bearer ${HOOK_SECRET}` } }),
  body: (body) => ({ body: JSON.stringify({ ...(JSON.parse(body) as object), token: HOOK_SECRET }) }),
  basic: (body) => ({ body, headers: { authorization: `Basic ${btoa(`acme:${HOOK_SECRET}`)}` } }),
  trusted: (body) => ({ body }),
};

/** The same, by somebody who does not know it. */
const forgers: Readonly<Record<string, (body: string) => Sent>> = {
  standard: (body) => ({
    body,
    headers: {
      'webhook-id': 'f',
      'webhook-timestamp': String(seconds()),
      'webhook-signature': `v1,${sign(`f.${seconds()}.${body}`, 'guess').digest('base64')}`,
    },
  }),
  stamped: (body) => ({
    body,
    headers: { 'x-time': String(seconds()), 'x-signature': `sha256=${sign(body, 'guess').digest('hex')}` },
  }),
  signed: (body) => ({ body, headers: { 'x-signature': `sha256=${sign(`${body} `).digest('hex')}` } }),
  header: (body) => ({ body, headers: { 'x-token': HOOK_SECRET } }),
  body: (body) => ({ body }),
  basic: (body) => ({ body, headers: { authorization: `Basic ${btoa('acme:')}` } }),
};

const issues = async () =>
  (await app.container.resolve(IssuePages).list(staff, listIssuesInput.parse({ connectionId: plugin.connectionId })))
    .items;

describe.each(Object.keys(vendors))('a webhook that is verified by %s', (name) => {
  it('takes the vendor’s delivery once, and shows its plugin no secret', async () => {
    const sent = vendors[name]?.(JSON.stringify({ id: name, site: 'north' })) ?? {};
    expect(await post(name, sent)).toBe(202);
    expect(await post(name, sent)).toBe(202);
    await plugin.handleAll();
    expect(await plugin.deliveries(name)).toMatchObject([{ state: 'done', added: 1, refused: 0, attempts: 1 }]);
    const shown = await recordTitle(name);
    expect(shown).toContain('Disk full');
    expect(shown).not.toContain('hook-secret');
    expect(shown).toContain('[null,false,');
  });
});

describe.each(Object.keys(forgers))('a webhook that is verified by %s', (name) => {
  it('refuses who does not know the secret, counts it, and asks for help when it goes on', async () => {
    const before = await plugin.webhook(name);
    const sent = forgers[name]?.(JSON.stringify({ id: 'forged', site: 'north' })) ?? {};
    for (let count = 0; count < 3; count += 1) expect(await post(name, sent)).toBe(401);
    const after = await plugin.webhook(name);
    expect(after).toMatchObject({ refused: before.refused + 3, received: before.received });
    expect(after.lastRefusal).toMatch(/secret|signature/);
    const issue = (await issues()).find(({ title }) => title.includes(`“${name}”`));
    expect(issue).toMatchObject({
      severity: 'warning',
      remedy: expect.stringContaining('same secret'),
      closedAt: null,
    });
    const good = vendors[name]?.(JSON.stringify({ id: `${name}-again`, site: 'north' })) ?? {};
    expect(await post(name, good)).toBe(202);
    expect((await issues()).some(({ title }) => title.includes(`“${name}”`))).toBe(false);
  });
});

describe('a delivery with a time', () => {
  it.each([
    ['standard', 301],
    ['stamped', 61],
    ['stamped', -61],
  ])('is refused by %s when it is %i seconds off', async (name, age) => {
    const sent = vendors[name]?.(JSON.stringify({ id: 'old', site: 'north', age }), age) ?? {};
    expect(await post(name, sent)).toBe(401);
    expect((await plugin.webhook(name)).lastRefusal).toBe('the time stamp is too far off');
  });
});

describe('a replay', () => {
  it('is the same delivery under another id, and is forgotten when it can do no harm', async () => {
    const sent = vendors['signed']?.('{"id":"replayed","site":"north"}') ?? {};
    expect(await post('signed', sent)).toBe(202);
    const count = (await plugin.deliveries('signed')).length;
    expect(await post('signed', { ...sent, headers: { ...sent.headers, 'x-id': 'another' } })).toBe(202);
    expect(await plugin.deliveries('signed')).toHaveLength(count);
    const plain = vendors['header']?.('{"id":"twice","site":"north"}') ?? {};
    const before = (await plugin.deliveries('header')).length;
    await post('header', plain);
    app.clock.advance({ minutes: 9 });
    await post('header', plain);
    expect(await plugin.deliveries('header')).toHaveLength(before + 1);
    app.clock.advance({ minutes: 2 });
    await post('header', plain);
    expect(await plugin.deliveries('header')).toHaveLength(before + 2);
    await plugin.handleAll();
  });
});

describe('POST /hooks', () => {
  it('answers the same to every address that leads nowhere', async () => {
    const taken = await plugin.path('trusted');
    await app.container
      .resolve(OpenWebhooks)
      .rotate(staff, { webhookId: (await plugin.webhook('trusted')).id as never, graceHours: 0 });
    const answers = await Promise.all(
      [`/hooks/${'a'.repeat(43)}`, '/hooks/short', '/hooks/', taken, `${taken}/more`].map(async (path) => {
        const response = await http.request(path, { method: 'POST', body: '{}' });
        return [response.status, await response.text(), response.headers.get('content-type')];
      }),
    );
    expect(new Set(answers.map(String)).size).toBe(1);
    expect(answers[0]?.[0]).toBe(404);
    expect(await post('trusted', { body: '{"id":"moved","site":"north"}' })).toBe(202);
  });

  it('takes the address of before until its grace has ended', async () => {
    const webhookId = (await plugin.webhook('trusted')).id as never;
    const first = await plugin.path('trusted');
    const rotate = () => app.container.resolve(OpenWebhooks).rotate(staff, { webhookId, graceHours: 1 });
    const send = async (path: string) => (await http.request(path, { method: 'POST', body: '{"nudge":true}' })).status;
    // Routes end by the database's clock.
    app.clock.set(Temporal.Now.instant());
    const { address } = await rotate();
    const second = await plugin.path('trusted');
    expect([new URL(address).pathname, second === first]).toEqual([second, false]);
    expect([await send(first), await send(second)]).toEqual([202, 202]);
    app.clock.set(Temporal.Now.instant().subtract({ hours: 2 }));
    await rotate();
    expect([await send(first), await send(second), await send(await plugin.path('trusted'))]).toEqual([404, 404, 202]);
    app.clock.set(Temporal.Now.instant());
  });

  it('answers 413 while 20 MB are still on their way, said beforehand or not', async () => {
    const server = await listen(http, { port: 0, host: '127.0.0.1' });
    const path = await plugin.path('signed');
    try {
      const said = 'content-length: 20971520\r\n\r\n{';
      const chunked = `transfer-encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(17)}`;
      for (const rest of [said, chunked])
        expect(await firstLine(server.port, `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${rest}`)).toContain('413');
    } finally {
      await server.stop();
    }
  }, 20_000);

  it('sends the vendor’s question back as plain text, by GET and POST, and takes nothing else by GET', async () => {
    const path = await plugin.path('signed');
    const [asked, before] = [`${path}?challenge=${encodeURIComponent('<b>a b</b>')}`, await plugin.webhook('signed')];
    for (const method of ['GET', 'POST']) {
      const response = await http.request(asked, { method });
      expect([response.status, await response.text()]).toEqual([200, '<b>a b</b>']);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await http.request(path)).status).toBe(404);
    expect(await plugin.webhook('signed')).toEqual(before);
  });

  it('slows down one address, and who tries addresses, without touching others', async () => {
    app.clock.advance({ minutes: 5 });
    const statuses: number[] = [];
    for (let count = 0; count < 62; count += 1)
      statuses.push((await http.request(`/hooks/${'b'.repeat(43)}`, { method: 'POST' })).status);
    expect(statuses.slice(0, 60).every((status) => status === 404)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    const path = await plugin.path('header');
    let last = 0;
    for (let count = 0; count < 601; count += 1) last = (await http.request(path)).status;
    expect(last).toBe(429);
    expect(await post('signed', vendors['signed']?.('{"id":"calm","site":"north"}') ?? {})).toBe(202);
    app.clock.advance({ minutes: 5 });
  }, 60_000);
});

async function recordTitle(id: string): Promise<string> {
  const input = listRecordsInput.parse({ connectionId: plugin.connectionId, entity: 'alert', limit: 200 });
  const { items } = await app.container.resolve(EntityQueries).list(staff, input);
  return String(items.find(({ externalId }) => externalId === id)?.data['title']);
}

/** The first line of the answer to a request that is never sent to its end. */
async function firstLine(port: number, text: string): Promise<string> {
  const socket = connectSocket(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return chunk.toString().split('\r\n')[0] ?? '';
}
