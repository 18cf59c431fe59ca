import type { AuthScheme } from '@bailiwick/sdk';
import { describe, expect, it } from 'vitest';
import type { BrokeredRequest } from '../invocation.ts';
import { MemoryCredentialStore } from './credential-store.ts';
import { finishConsent, startConsent } from './oauth-code.ts';
import { brokerFor, connectionWith, FakeVendor, settle } from './test-connection.ts';

const never = new AbortController().signal;
const secret = 's3cr3t-k3y-of-the-msp';
const login: AuthScheme = {
  kind: 'login',
  request: { method: 'POST', url: 'https://login.vendor.test/in', body: { user: 'u', pass: '{secret.key}' } },
  token: '/result/token',
  apply: [{ in: 'header', name: 'Authorization', value: 'Token {token}' }],
  perScope: true,
};
const code: AuthScheme = {
  kind: 'oauth2-code',
  authorizeUrl: 'https://login.vendor.test/authorize',
  tokenUrl: 'https://login.vendor.test/token',
  clientId: 'client',
  clientSecret: '{secret.key}',
  scope: 'read offline_access',
};

function ask(url: string, options: BrokeredRequest['options'] = {}): BrokeredRequest {
  return { url, options };
}

function scope(id: string) {
  return { id, name: id, kind: 'site' };
}

describe('HttpBroker: signing in', () => {
  it('signs in once for each scope, and once more when the token is refused', async () => {
    const vendor = new FakeVendor(({ url, headers }, index) => {
      if (url.startsWith('https://login')) return { body: { result: { token: `token-number-${index}` } } };
      return { status: headers['authorization'] === 'Token token-number-0' ? 401 : 200 };
    });
    const store = new MemoryCredentialStore();
    const broker = brokerFor(connectionWith(login), vendor, { store });
    await broker.bind({ scope: scope('a') }).http(ask('x'), never);
    await broker.bind({ scope: scope('a') }).http(ask('y'), never);
    await broker.bind({ scope: scope('b') }).http(ask('z'), never);
    expect(vendor.seen.map(({ url, headers }) => [url.split('/').at(-1), headers['authorization']])).toEqual([
      ['in', undefined],
      ['x', 'Token token-number-0'],
      ['in', undefined],
      ['x', 'Token token-number-2'],
      ['y', 'Token token-number-2'],
      ['in', undefined],
      ['z', 'Token token-number-5'],
    ]);
    expect(vendor.seen[0]?.body).toBe(JSON.stringify({ user: 'u', pass: secret }));
    expect(broker.redactor.text('token-number-5')).toBe('[secret]');
  });

  it('says AuthFailed where the new token is refused too, or the sign-in itself, which is then left alone for a while', async () => {
    const refusing = new FakeVendor(({ url }) =>
      url.startsWith('https://login') ? { body: { result: { token: 'a-token' } } } : { status: 401 },
    );
    const first = brokerFor(connectionWith(login), refusing).bind({ scope: scope('a') });
    await expect(first.http(ask('x'), never)).rejects.toMatchObject({ name: 'AuthFailed' });
    expect(refusing.seen).toHaveLength(4);
    const closed = new FakeVendor(() => ({ status: 401, body: { said: secret } }));
    const second = brokerFor(connectionWith(login), closed).bind({ scope: scope('a') });
    for (const path of ['x', 'y']) {
      const error: unknown = await second.http(ask(path), never).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ name: 'AuthFailed' });
      expect(JSON.stringify(error) + String(error)).not.toContain(secret);
    }
    expect(closed.seen).toHaveLength(1);
  });

  it('gets consent with PKCE, and refreshes once for many callers, with a refresh token that rotates', async () => {
    const store = new MemoryCredentialStore();
    const connection = connectionWith(code);
    const used: (string | null)[] = [];
    const vendor = new FakeVendor(async ({ url, body, headers }) => {
      await settle();
      if (!url.startsWith('https://login'))
        return { status: headers['authorization'] === 'Bearer access-number-1' ? 401 : 200 };
      const form = new URLSearchParams(body);
      used.push(form.get('refresh_token') ?? form.get('code'));
      const count = used.length;
      return {
        body: { access_token: `access-number-${count}`, refresh_token: `refresh-number-${count}`, expires_in: 3600 },
      };
    });
    const { url, state, codeVerifier } = startConsent(connection, 'https://msp.test/back');
    const query = new URL(url).searchParams;
    expect(query.get('state')).toBe(state);
    expect(query.get('code_challenge_method')).toBe('S256');
    expect(url).not.toContain(codeVerifier);
    await finishConsent(
      { connection, transport: vendor, store },
      { code: 'the-code', codeVerifier, redirectUri: 'https://msp.test/back' },
    );
    // Two processes, ten calls each, all refused at once.
    const clock = {
      nowMs: () => Temporal.Now.instant().epochMilliseconds,
      wait: (_: number, end: AbortSignal) => waitFor(end),
    };
    const brokers = [0, 1].map(() => brokerFor(connection, vendor, { store, clock }));
    await Promise.all(
      brokers.flatMap((broker) =>
        Array.from({ length: 10 }, () => broker.bind({ scope: null, patienceMs: 60_000 }).http(ask('x'), never)),
      ),
    );
    expect(used).toEqual(['the-code', 'refresh-number-1']);
    for (const broker of brokers)
      expect(broker.redactor.text('refresh-number-2 access-number-2')).toBe('[secret] [secret]');
  });

  it('asks for a token for each scope at the address of the scope, client in the header', async () => {
    const vendor = new FakeVendor(({ url }) =>
      url.includes('/token') ? { body: { access_token: `for-${url}` } } : {},
    );
    const scheme: AuthScheme = {
      kind: 'oauth2-client',
      tokenUrl: 'https://login.vendor.test/{scope.id}/token',
      clientId: 'client id',
      clientSecret: '{secret.key}',
      sendClientIn: 'basic',
      perScope: true,
    };
    const broker = brokerFor(connectionWith(scheme), vendor);
    await broker.bind({ scope: scope('a/b') }).http(ask('x'), never);
    await expect(broker.bind({ scope: null }).http(ask('x'), never)).rejects.toMatchObject({ name: 'NotSupported' });
    expect(vendor.seen[0]).toMatchObject({
      url: 'https://login.vendor.test/a%2Fb/token',
      headers: { authorization: `Basic ${btoa(`client+id:${secret}`)}` },
      body: 'grant_type=client_credentials',
    });
    expect(vendor.seen[1]?.headers['authorization']).toBe('Bearer for-https://login.vendor.test/a%2Fb/token');
  });
});

/** Never over, so that nobody loses patience; pauses of the broker itself are not needed here. */
function waitFor(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('given up')), { once: true }),
  );
}
