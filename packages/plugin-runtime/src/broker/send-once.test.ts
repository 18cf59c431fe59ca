import type { AuthScheme } from '@bailiwick/sdk';
import { describe, expect, it } from 'vitest';
import { EgressFailed } from '../egress/egress-error.ts';
import type { BrokeredRequest } from '../invocation.ts';
import { brokerFor, connectionWith, FakeVendor, settle, VirtualClock } from './test-connection.ts';

const never = new AbortController().signal;
const key: AuthScheme = { kind: 'key', placements: [{ in: 'header', name: 'X-Api-Key', value: '{secret.key}' }] };
const login: AuthScheme = {
  kind: 'login',
  request: { method: 'POST', url: 'https://login.vendor.test/in', body: { key: '{secret.key}' } },
  token: '/token',
  apply: [{ in: 'header', name: 'Authorization', value: 'Bearer {token}' }],
};

function ask(options: BrokeredRequest['options'] = {}, url = 'x'): BrokeredRequest {
  return { url, options };
}

describe('a call that writes once', () => {
  const once = { scope: null, writesOnce: true } as const;
  const broken = (): never => {
    throw new EgressFailed('network', 'api.vendor.test', 'broke');
  };
  const refused = (): never => {
    throw new EgressFailed('connect', 'api.vendor.test', 'refused');
  };

  it.each(
    (['POST', 'PATCH', 'PUT', 'DELETE'] as const).flatMap((method) =>
      [429, 500, 503, broken].map((answer) => ({ method, answer })),
    ),
  )('sends a $method once, whatever comes back', async ({ method, answer }) => {
    const vendor = new FakeVendor(() => (typeof answer === 'number' ? { status: answer } : answer()));
    const clock = new VirtualClock();
    const { http } = brokerFor(connectionWith(key), vendor, { clock }).bind(once);
    const refusal = expect(http(ask({ method }), never)).rejects.toThrow();
    await clock.advance(60_000);
    await refusal;
    expect(vendor.seen).toHaveLength(1);
  });

  it('does not sign in again for what a vendor refused', async () => {
    const vendor = new FakeVendor(({ url }) => (url.includes('login') ? { body: { token: 't' } } : { status: 401 }));
    const { http } = brokerFor(connectionWith(login), vendor).bind(once);
    await expect(http(ask({ method: 'POST' }), never)).rejects.toMatchObject({ name: 'AuthFailed' });
    expect(vendor.seen.map(({ url }) => url)).toEqual(['https://login.vendor.test/in', 'https://api.vendor.test/v1/x']);
  });

  it('sends again where nobody can have had a byte of it, and what only reads', async () => {
    const unsent = new FakeVendor(refused);
    const { http } = brokerFor(connectionWith(key), unsent).bind(once);
    await expect(http(ask({ method: 'POST' }), never)).rejects.toMatchObject({ name: 'Transient' });
    expect(unsent.seen).toHaveLength(4);
    const reading = new FakeVendor(broken);
    const read = brokerFor(connectionWith(key), reading).bind(once);
    await expect(read.http(ask({ method: 'POST', reads: true }), never)).rejects.toMatchObject({ name: 'Transient' });
    expect(reading.seen).toHaveLength(4);
  });
});

describe('the time of a request', () => {
  it('is for all attempts together', async () => {
    const clock = new VirtualClock();
    const vendor = new FakeVendor(async () => {
      await clock.wait(4000, never);
      return { status: 503 };
    });
    const { http } = brokerFor(connectionWith(key), vendor, { clock }).bind({ scope: null });
    const started = clock.nowMs();
    const ended = http(ask({ timeoutSeconds: 10 }), never).then(
      () => 'answered',
      (error: unknown) => [error instanceof Error && error.name, clock.nowMs() - started],
    );
    await clock.advance(60_000);
    const [name, tookMs] = await ended;
    expect(name).toBe('Transient');
    expect(vendor.seen).toHaveLength(3);
    expect(tookMs).toBeLessThan(14_000);
  });

  it('counts signing in', async () => {
    const clock = new VirtualClock();
    const vendor = new FakeVendor(async ({ url }) => {
      await clock.wait(url.includes('login') ? 9500 : 100, never);
      return url.includes('login') ? { body: { token: 't' } } : { status: 500 };
    });
    const { http } = brokerFor(connectionWith(login), vendor, { clock }).bind({ scope: null });
    const ended = expect(http(ask({ timeoutSeconds: 10 }), never)).rejects.toMatchObject({ name: 'Transient' });
    await clock.advance(60_000);
    await ended;
    expect(vendor.seen).toHaveLength(2);
  });
});

describe('signing in', () => {
  it('takes its turn within the limits, and holds no place while it waits for one', async () => {
    const clock = new VirtualClock();
    const vendor = new FakeVendor(({ url }) => ({ body: url.includes('login') ? { token: 't' } : {} }));
    const limits = [{ per: 'connection', requests: 2, seconds: 10, concurrency: 1 }] as const;
    const { http } = brokerFor(connectionWith(login, { limits }), vendor, { clock }).bind({
      scope: null,
      priority: 'action',
    });
    const all = Promise.all([http(ask({}, 'a'), never), http(ask({}, 'b'), never)]);
    await settle();
    expect(vendor.seen).toHaveLength(2);
    await clock.advance(9000);
    expect(vendor.seen).toHaveLength(2);
    await clock.advance(2000);
    await all;
    expect(vendor.seen.map(({ url }) => url.split('/').at(-1))).toEqual(['in', 'a', 'b']);
  });

  it('slows down where the vendor gives no more tokens', async () => {
    const clock = new VirtualClock();
    const vendor = new FakeVendor(({ url }) =>
      url.includes('login') ? { status: 429, headers: { 'retry-after': '20' } } : {},
    );
    const limits = [{ per: 'connection', requests: 100, seconds: 1 }] as const;
    const { http } = brokerFor(connectionWith(login, { limits }), vendor, { clock }).bind({ scope: null });
    for (const url of ['a', 'b']) void http(ask({}, url), never).catch(() => undefined);
    await settle();
    const later = http(ask({}, 'c'), never).catch(() => undefined);
    await clock.advance(15_000);
    expect(vendor.seen).toHaveLength(1);
    await clock.advance(60_000);
    await later;
    expect(vendor.seen).toHaveLength(2);
  });
});

describe('the credential', () => {
  it("of a customer's server stays there, also where a request says that it is for AWS", async () => {
    const vendor = new FakeVendor(() => ({}));
    const policy = { hosts: ['stats.author.test'], origins: ['https://monitor.lan'], networks: [] };
    const own = connectionWith(key, { policy });
    const connection = { ...own, type: { ...own.type, baseUrl: 'https://monitor.lan/' } };
    const { http } = brokerFor(connection, vendor).bind({ scope: null });
    const aws = { service: 's3', region: 'us-east-1' };
    await expect(http(ask({ aws }, 'https://stats.author.test/'), never)).rejects.toMatchObject({
      name: 'NotSupported',
    });
    expect(vendor.seen).toEqual([]);
  });
});
