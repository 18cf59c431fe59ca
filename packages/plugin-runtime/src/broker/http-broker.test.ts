import type { AuthScheme } from '@bailiwick/sdk';
import { describe, expect, it } from 'vitest';
import { EgressFailed } from '../egress/egress-error.ts';
import type { BrokeredRequest } from '../invocation.ts';
import type { Exchange } from './exchange.ts';
import { brokerFor, connectionWith, FakeVendor, VirtualClock } from './test-connection.ts';

const never = new AbortController().signal;
const secret = 's3cr3t-k3y-of-the-msp';
const key: AuthScheme = { kind: 'key', placements: [{ in: 'header', name: 'X-Api-Key', value: '{secret.key}' }] };

function ask(url: string, options: BrokeredRequest['options'] = {}): BrokeredRequest {
  return { url, options };
}

describe('HttpBroker: what goes out', () => {
  it('puts the key where the author said, and resolves against the base address', async () => {
    const vendor = new FakeVendor(() => ({}));
    const placements = [
      { in: 'header', name: 'X-Api-Key', value: '{secret.key}' },
      { in: 'query', name: 'api key', value: '{secret.key}' },
      { in: 'body', pointer: '/auth/key', value: '{secret.key}', except: ['version'] },
    ] as const;
    const { http } = brokerFor(connectionWith({ kind: 'key', placements }), vendor).bind({ scope: null });
    const options = { method: 'POST', reads: true, query: { a: 'x y+z', b: undefined } } as const;
    await http(ask('devices?c=1', { ...options, body: { text: '{"method":"list"}' } }), never);
    await http(ask('devices', { ...options, body: { text: '[{"method":"version"},{"method":"list"}]' } }), never);
    expect(vendor.seen[0]).toMatchObject({
      url: `https://api.vendor.test/v1/devices?c=1&a=x%20y%2Bz&api%20key=${secret}`,
      headers: { 'x-api-key': secret },
      body: JSON.stringify({ method: 'list', auth: { key: secret } }),
    });
    expect(vendor.seen[1]?.body).toBe(
      JSON.stringify([{ method: 'version' }, { method: 'list', auth: { key: secret } }]),
    );
  });

  it.each([
    'Host',
    'Authorization',
    'Cookie',
    'Connection',
    'Transfer-Encoding',
    'Content-Length',
    'X-Forwarded-For',
    'Proxy-Authorization',
    'a b',
    '',
  ])('refuses the header %j of a plugin', async (name) => {
    const vendor = new FakeVendor(() => ({}));
    const { http } = brokerFor(connectionWith(key), vendor).bind({ scope: null });
    await expect(http(ask('x', { headers: { [name]: 'v' } }), never)).rejects.toMatchObject({ name: 'NotSupported' });
    expect(vendor.seen).toEqual([]);
  });

  it('refuses line breaks in what templates fill in, and climbing out of a path', async () => {
    const vendor = new FakeVendor(() => ({}));
    const header = connectionWith({ kind: 'none' }, { config: { site: 'a\r\nX-Evil: 1' } });
    const withHeader = { ...header, type: { ...header.type, headers: { 'X-Site': '{config.site}' } } };
    const path = connectionWith({ kind: 'none' }, { config: { site: '..' } });
    const withPath = { ...path, type: { ...path.type, baseUrl: 'https://api.vendor.test/v1/{config.site}/' } };
    for (const connection of [withHeader, withPath])
      await expect(brokerFor(connection, vendor).bind({ scope: null }).http(ask('x'), never)).rejects.toMatchObject({
        name: 'ConfigInvalid',
        details: { path: 'site' },
      });
    expect(vendor.seen).toEqual([]);
  });

  it('refuses what is not declared, and whatever could write while planning', async () => {
    const vendor = new FakeVendor(() => ({}));
    const { http } = brokerFor(connectionWith(key), vendor).bind({ scope: null, readOnly: true });
    await expect(http(ask('https://evil.test/'), never)).rejects.toMatchObject({ name: 'PermissionMissing' });
    for (const method of ['POST', 'PUT', 'DELETE'] as const)
      await expect(http(ask('x', { method }), never)).rejects.toMatchObject({ name: 'NotSupported' });
    await http(ask('x', { method: 'POST', reads: true }), never);
    expect(vendor.seen.map(({ method }) => method)).toEqual(['POST']);
  });

  it("does not send the credential of a customer's server to a host of the author", async () => {
    const vendor = new FakeVendor(() => ({}));
    const policy = { hosts: ['stats.author.test'], origins: ['https://monitor.lan'], networks: [] };
    const own = connectionWith(key, { policy, config: { url: 'https://monitor.lan/zabbix' } });
    const connection = { ...own, type: { ...own.type, baseUrl: '{config.url}/' } };
    const { http } = brokerFor(connection, vendor).bind({ scope: null });
    await expect(http(ask('https://stats.author.test/'), never)).rejects.toMatchObject({ name: 'NotSupported' });
    await http(ask('https://stats.author.test/', { auth: 'none' }), never);
    await http(ask('api.php'), never);
    expect(vendor.seen.map(({ url, headers }) => [url, headers['x-api-key']])).toEqual([
      ['https://stats.author.test/', undefined],
      ['https://monitor.lan/zabbix/api.php', secret],
    ]);
  });

  it('counts requests of a call', async () => {
    const bound = brokerFor(connectionWith(key), new FakeVendor(() => ({}))).bind({ scope: null, maxRequests: 1 });
    await bound.http(ask('x'), never);
    await expect(bound.http(ask('x'), never)).rejects.toMatchObject({ name: 'RateLimited' });
    expect(bound.sent).toBe(1);
  });
});

describe('HttpBroker: what comes back', () => {
  it('lets no secret out: body, headers, address, error, record', async () => {
    const exchanges: Exchange[] = [];
    const vendor = new FakeVendor(({ url }) => ({
      status: url.endsWith('fails') ? 404 : 200,
      headers: {
        'x-echo': `key=${encodeURIComponent(secret)}`,
        'set-cookie': 's=1',
        'content-type': 'application/json',
      },
      url: `${url}?token=${secret}`,
      body: { echoed: secret, basic: btoa(`u:${secret}`) },
    }));
    const broker = brokerFor(connectionWith(key), vendor, { record: (exchange) => exchanges.push(exchange) });
    const { http } = broker.bind({ scope: null });
    const answer = await http(ask('works'), never);
    const error: unknown = await http(ask('fails'), never).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'NotSupported' });
    expect(exchanges).toHaveLength(2);
    const told = JSON.stringify([answer, exchanges, error instanceof Error ? [error.message, error] : error]);
    expect(told).toContain('[secret]');
    expect(told).not.toContain(secret);
    expect(told).not.toContain(btoa(`u:${secret}`));
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  it.each([
    [401, 'AuthFailed', 1],
    [403, 'PermissionMissing', 1],
    [404, 'NotSupported', 1],
    [422, 'VendorBug', 1],
    [429, 'RateLimited', 4],
    [500, 'Transient', 4],
    [503, 'Transient', 4],
  ])('turns %i into %s after %i requests', async (status, name, requests) => {
    const vendor = new FakeVendor(() => ({ status }));
    const clock = new VirtualClock();
    const { http } = brokerFor(connectionWith(key), vendor, { clock }).bind({ scope: null });
    const refused = expect(http(ask('x'), never)).rejects.toMatchObject({ name });
    await clock.advance(60_000);
    await refused;
    expect(vendor.seen).toHaveLength(requests);
  });

  it.each([
    ['POST', undefined, 1],
    ['PATCH', undefined, 1],
    ['POST', true, 4],
    ['PUT', undefined, 4],
  ] as const)('repeats %s (reads: %s) %i times after a connection that broke', async (method, reads, requests) => {
    const vendor = new FakeVendor(() => {
      throw new EgressFailed('network', 'api.vendor.test', 'broke');
    });
    const { http } = brokerFor(connectionWith(key), vendor).bind({ scope: null });
    const options = { method, ...(reads === undefined ? {} : { reads }) };
    await expect(http(ask('x', options), never)).rejects.toMatchObject({ name: 'Transient' });
    expect(vendor.seen).toHaveLength(requests);
  });

  it('gives statuses that are accepted, and ends at once where Retry-After is too far away', async () => {
    const vendor = new FakeVendor(({ url }) =>
      url.endsWith('gone') ? { status: 404 } : { status: 429, headers: { 'retry-after': '3600' } },
    );
    const { http } = brokerFor(connectionWith(key), vendor).bind({ scope: null });
    await expect(http(ask('gone', { accept: [404] }), never)).resolves.toMatchObject({ status: 404 });
    await expect(http(ask('x'), never)).rejects.toMatchObject({ details: { retryAfterSeconds: 3600 } });
    expect(vendor.seen).toHaveLength(2);
  });
});
