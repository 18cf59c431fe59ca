import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import {
  connectTestPlugin,
  installTestPlugin,
  startFakeVendor,
  type FakeVendor,
} from '../../../../../test/support/test-plugin.ts';
import { testHttpApp } from '../../../../../test/support/test-http.ts';
import { pluginAuthorizationRoutes } from '#entry/http/plugin-authorization';
import type { MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { AuthorizeConnection } from './authorize-connection.ts';
import { ConnectionPages } from './connection-page-queries.ts';
import type { ConnectionId } from './plugin-host-table.ts';

const source = `
import { defineConnection, definePlugin, field } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account', label: 'Acme account',
  config: { url: field.url(), clientId: field.text(), clientSecret: field.secret() },
  baseUrl: '{config.url}/',
  auth: {
    kind: 'oauth2-code', authorizeUrl: '{config.url}/authorize', tokenUrl: '{config.url}/token',
    clientId: '{config.clientId}', clientSecret: '{secret.clientSecret}', scope: 'read offline_access',
  },
  async check(ctx) { return { account: (await ctx.http.get('me')).name }; },
});
export default definePlugin({ connections: [account] });
`;

let app: TestApp;
let vendor: FakeVendor;
let mspId: MspId;
let scope: TenantScope;
let connectionId: ConnectionId;
let tokens = 0;
let challenge = '';

beforeAll(async () => {
  app = await startTestApp();
  vendor = await startFakeVendor((request) => {
    if (request.path === '/token') {
      const form = new URLSearchParams(request.body);
      const verifier = form.get('code_verifier') ?? '';
      const isProven = createHash('sha256').update(verifier).digest('base64url') === challenge;
      if (form.get('code') !== 'a-code' || !isProven) return { status: 400, json: { error: 'invalid_grant' } };
      tokens += 1;
      const token = `access-token-${tokens}-of-the-vendor`;
      return {
        json: { access_token: token, refresh_token: 'refresh-token-secret', token_type: 'Bearer', expires_in: 3600 },
      };
    }
    const isSignedIn = request.headers['authorization']?.startsWith('Bearer access-token-') === true;
    return isSignedIn ? { json: { name: 'ada@acme.example' } } : { status: 401 };
  });
  mspId = (await buildMsp(app)).mspId;
  scope = staffScope(mspId);
  const pluginId = await installTestPlugin(app, scope, { source });
  connectionId = await connectTestPlugin(app, scope, {
    pluginId,
    vendor,
    config: { clientId: 'bailiwick' },
    secrets: { clientSecret: 'the-client-secret' },
  });
});
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const authorize = () => app.container.resolve(AuthorizeConnection);
const page = () => app.container.resolve(ConnectionPages).get(scope, { connectionId });

async function start(): Promise<URL> {
  const url = new URL((await authorize().start(scope, { connectionId })).url);
  challenge = url.searchParams.get('code_challenge') ?? '';
  return url;
}

describe('AuthorizeConnection', () => {
  it('leaves a connection broken until somebody consents', async () => {
    expect(await page()).toMatchObject({ state: 'broken', openIssues: 1, form: { needsConsent: true } });
    const url = await start();
    expect(url.origin + url.pathname).toBe(`${vendor.url}/authorize`);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('redirect_uri')).toMatch(/\/api\/plugin-authorization\/callback$/);
  });

  it('takes no return that is somebody else’s, made up or too old', async () => {
    const state = (await start()).searchParams.get('state') ?? '';
    const unknown = { code: 'plugin-host.authorization-unknown' };
    await expect(authorize().finish(staffScope(mspId), { state, code: 'a-code' })).rejects.toMatchObject(unknown);
    const other = await buildMsp(app);
    await expect(authorize().finish(staffScope(other.mspId), { state, code: 'a-code' })).rejects.toMatchObject(unknown);
    await expect(authorize().finish(scope, { state: `${state}x`, code: 'a-code' })).rejects.toMatchObject(unknown);
    app.clock.advance({ minutes: 11 });
    await expect(authorize().finish(scope, { state, code: 'a-code' })).rejects.toMatchObject(unknown);
    expect(tokens).toBe(0);
  });

  it('keeps the tokens, tests the connection, and takes each return once', async () => {
    const state = (await start()).searchParams.get('state') ?? '';
    const scopes = new Map([['owner', scope]]);
    const http = testHttpApp(app, scopes, {
      doors: {
        '/api/plugin-authorization': pluginAuthorizationRoutes(
          {
            resolveScope: async () => scope,
            finish: (caller, returned) => authorize().finish(caller, returned),
            reportError: (error) => expect.fail(String(error)),
          },
          [],
        ),
      },
    });
    const path = `/api/plugin-authorization/callback?state=${encodeURIComponent(state)}&code=a-code`;
    const back = await http.request(path);
    expect(back.status).toBe(303);
    expect(back.headers.get('location')).toBe(`/connections/${connectionId}?authorized=yes`);
    const shown = await page();
    expect(shown).toMatchObject({ state: 'active', openIssues: 0, account: 'ada@acme.example' });
    expect(JSON.stringify(shown)).not.toMatch(/access-token|refresh-token|client-secret/);
    const again = await http.request(path);
    expect(again.headers.get('location')).toContain('reason=plugin-host.authorization-unknown');
    expect(tokens).toBe(1);
  });

  it('says so where the vendor refuses', async () => {
    const state = (await start()).searchParams.get('state') ?? '';
    await expect(authorize().finish(scope, { state, error: 'access_denied' })).rejects.toMatchObject({
      code: 'plugin-host.authorization-refused',
    });
    const second = (await start()).searchParams.get('state') ?? '';
    await expect(authorize().finish(scope, { state: second, code: 'wrong' })).rejects.toMatchObject({
      code: 'plugin-host.authorization-refused',
    });
  });
});
