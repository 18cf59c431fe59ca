import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testHttpApp } from '../../../../../test/support/test-http.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import type { TenantScope } from '#kernel/tenant-scope';

let app: TestApp;
let http: Hono;
const scopes = new Map<string, TenantScope>();
beforeAll(async () => {
  app = await startTestApp();
  const { mspId } = await buildMsp(app, { clients: 3 });
  scopes.set('staff', staffScope(mspId));
  scopes.set('reader', staffScope(mspId, { kind: 'all' }, new Set(['tenancy.read-clients'])));
  http = testHttpApp(app, scopes);
});
afterAll(() => app[Symbol.asyncDispose]());

function send(
  method: string,
  path: string,
  options: { as?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { 'x-test-scope': options.as ?? 'staff', 'content-type': 'application/json', ...options.headers };
  return Promise.resolve(
    http.request(`/api/v1${path}`, { method, headers, ...(options.body === undefined ? {} : { body: options.body }) }),
  );
}

const newClient = JSON.stringify({ name: 'Calder Freight', timeZone: 'Europe/London' });

describe('REST', () => {
  it('answers 401 as a problem to whoever is not signed in', async () => {
    const response = await send('GET', '/clients', { as: 'nobody' });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'session.none', status: 401 });
  });

  it('names the permission that is missing', async () => {
    const response = await send('POST', '/clients', { as: 'reader', body: newClient });
    expect(await response.json()).toMatchObject({
      status: 403,
      detail: expect.stringContaining('tenancy.manage-clients'),
    });
  });

  it.each([
    ['a NUL', { name: 'a\0b', timeZone: 'Europe/London' }, 'name'],
    ['an unpaired surrogate', { name: 'a\ud800b', timeZone: 'Europe/London' }, 'name'],
    ['a zone that does not exist', { name: 'A', timeZone: 'Mars/Olympus' }, 'timeZone'],
    ['an empty name', { name: '  ', timeZone: 'Europe/London' }, 'name'],
  ])('refuses %s and names the field', async (_, body, field) => {
    const response = await send('POST', '/clients', { body: JSON.stringify(body) });
    expect(response.status).toBe(422);
    expect((await response.json()) as object).toMatchObject({ fields: [{ path: [field] }] });
  });

  it('refuses what is not JSON, an id that is none, and a cursor that is not ours', async () => {
    expect(await (await send('POST', '/clients', { body: '{' })).json()).toMatchObject({ code: 'input.not-json' });
    expect(await (await send('GET', '/clients/42')).json()).toMatchObject({
      fields: [{ path: ['clientId'], message: 'must be the id of a client' }],
    });
    expect(await (await send('GET', '/clients?cursor=AAAA')).json()).toMatchObject({ code: 'page.bad-cursor' });
  });

  it('refuses ten megabytes with 413', async () => {
    const response = await send('POST', '/clients', { body: JSON.stringify({ name: 'x'.repeat(10_000_000) }) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'input.too-large' });
  });

  it('takes nobody’s word that a large body is a file', async () => {
    const large = { body: JSON.stringify({ name: 'x'.repeat(10_000_000) }) };
    const headers = { 'content-disposition': 'attachment; filename="a"' };
    expect((await send('POST', '/clients', { ...large, headers })).status).toBe(413);
  });

  it('creates once for one Idempotency-Key, also when ten requests arrive together', async () => {
    const headers = { 'idempotency-key': 'once' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => send('POST', '/clients', { body: newClient, headers })),
    );
    const ids = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { clientId: string }).clientId),
    );
    expect(new Set(ids).size).toBe(1);
    const list = (await (await send('GET', '/clients?search=calder')).json()) as { items: unknown[] };
    expect(list.items).toHaveLength(1);
    const reused = await send('POST', '/clients', {
      body: JSON.stringify({ name: 'Another', timeZone: 'UTC' }),
      headers,
    });
    expect(await reused.json()).toMatchObject({ status: 409, code: 'idempotency.key-reused' });
  });

  it('says how many requests are left, and when to come back', async () => {
    const strict = testHttpApp(app, scopes, { requestsPerMinute: 2 });
    const ask = () => Promise.resolve(strict.request('/api/v1/clients', { headers: { 'x-test-scope': 'staff' } }));
    expect((await ask()).headers.get('ratelimit')).toContain('r=1');
    await ask();
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('refuses a change that another site made a browser send', async () => {
    const response = await send('POST', '/clients', {
      body: newClient,
      headers: { cookie: 'session=x', origin: 'https://evil.example' },
    });
    expect(await response.json()).toMatchObject({ status: 403, code: 'request.cross-site' });
  });

  it('describes itself in OpenAPI 3.1 with a path for every operation that has one', async () => {
    const document = (await (await http.request('/api/v1/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, object>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/clients/{clientId}');
  });
});
