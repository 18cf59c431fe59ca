import { createHash } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { applicationToken, callGraph, postToken } from './client.ts';
import { customerTenantIds, defaultApplication, partnerTenantId } from './default-world.ts';
import { startMicrosoft365, type Microsoft365 } from './microsoft-365.ts';

const graphScope = 'https://graph.microsoft.com/.default';
const clientCredentials = { grant_type: 'client_credentials', scope: graphScope };
const verifier = 'v'.repeat(64);
const challenge = createHash('sha256').update(verifier).digest('base64url');

let emulator: Microsoft365;
beforeEach(async () => {
  emulator = await startMicrosoft365();
});
afterEach(() => emulator.stop());

async function visitSignIn(more: Record<string, string> = {}): Promise<Response> {
  const query = new URLSearchParams({
    client_id: defaultApplication.clientId,
    response_type: 'code',
    redirect_uri: defaultApplication.redirectUri,
    scope: `${graphScope} offline_access`,
    state: 'st/1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  });
  return fetch(`${emulator.loginUrl}/organizations/oauth2/v2.0/authorize?${query.toString()}`, { redirect: 'manual' });
}

async function signInCode(): Promise<string> {
  const location = new URL((await visitSignIn()).headers.get('Location') ?? '');
  return location.searchParams.get('code') ?? '';
}

function redemption(code: string) {
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: defaultApplication.redirectUri,
    code_verifier: verifier,
  };
}

describe('client credentials', () => {
  it('give a token for an hour in a tenant that consented', async () => {
    const answer = await postToken(emulator, customerTenantIds.large, clientCredentials);
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3599 } });
    expect(answer.body['refresh_token']).toBeUndefined();
    const token = String(answer.body['access_token']);
    expect((await callGraph(emulator, token, '/organization')).status).toBe(200);
    emulator.advance({ hours: 1 });
    expect((await callGraph(emulator, token, '/organization')).body.error?.code).toBe('InvalidAuthenticationToken');
  });

  it('are refused with the number that says why', async () => {
    const ask = (form: Record<string, string>, tenant: string = customerTenantIds.large) =>
      postToken(emulator, tenant, { ...clientCredentials, ...form });
    expect(await ask({ client_secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_codes: [7000215] },
    });
    expect(await ask({ client_id: 'c0000000-0000-4000-8000-000000000000' })).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client', error_codes: [700016] },
    });
    expect(await ask({ scope: 'User.Read.All' })).toMatchObject({ body: { error: 'invalid_scope' } });
    expect(await ask({}, 'nowhere.example')).toMatchObject({ body: { error_codes: [90002] } });
    expect(await ask({}, 'common')).toMatchObject({ body: { error_codes: [50059] } });
    emulator.removeConsent(customerTenantIds.large);
    expect(await ask({})).toMatchObject({ body: { error: 'unauthorized_client', error_codes: [700016] } });
    emulator.expireSecrets();
    expect(await ask({})).toMatchObject({ status: 401, body: { error_codes: [7000222] } });
  });

  it('take a domain for the tenant, and the secret in a Basic header', async () => {
    const { clientId, clientSecret } = defaultApplication;
    const answer = await fetch(`${emulator.loginUrl}/kestrel.example/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${clientId}:${encodeURIComponent(clientSecret)}`)}` },
      body: new URLSearchParams(clientCredentials),
    });
    expect(answer.status).toBe(200);
  });
});

describe('the sign-in page', () => {
  it('redirects with the code and the state, to a registered address only', async () => {
    const location = new URL((await visitSignIn()).headers.get('Location') ?? '');
    expect(location.searchParams.get('state')).toBe('st/1');
    expect(location.searchParams.get('code')).not.toBe('');
    const elsewhere = await visitSignIn({ redirect_uri: 'http://evil.example/' });
    expect(elsewhere.headers.get('Location')).toBeNull();
    expect(await elsewhere.json()).toMatchObject({ error_codes: [50011] });
  });

  it('says when nobody signed in', async () => {
    emulator.signIn(undefined);
    const location = new URL((await visitSignIn()).headers.get('Location') ?? '');
    expect(location.searchParams.get('error')).toBe('access_denied');
    expect(location.searchParams.get('state')).toBe('st/1');
  });

  it('lets an administrator consent for the tenant', async () => {
    emulator.removeConsent(customerTenantIds.large);
    const visit = () =>
      fetch(
        `${emulator.loginUrl}/organizations/adminconsent?client_id=${defaultApplication.clientId}&state=s&redirect_uri=${encodeURIComponent(defaultApplication.redirectUri)}`,
        { redirect: 'manual' },
      );
    const [administrator, someone] = [...emulator.world.tenant(customerTenantIds.large).users.keys()];
    emulator.signIn({ tenantId: customerTenantIds.large, userId: someone ?? '' });
    expect((await visit()).headers.get('Location')).toContain('error=permission_denied');
    emulator.signIn({ tenantId: customerTenantIds.large, userId: administrator ?? '' });
    expect((await visit()).headers.get('Location')).toContain('admin_consent=True');
    expect((await postToken(emulator, customerTenantIds.large, clientCredentials)).status).toBe(200);
  });
});

describe('a code', () => {
  it('is redeemed once, by the holder of the verifier, within ten minutes', async () => {
    const code = await signInCode();
    expect(await postToken(emulator, 'common', { ...redemption(code), code_verifier: 'x'.repeat(64) })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_codes: [501481] },
    });
    const answer = await postToken(emulator, 'common', redemption(code));
    expect(answer).toMatchObject({ status: 200, body: { expires_in: 3599 } });
    expect(answer.body['refresh_token']).toBeTypeOf('string');
    expect(await postToken(emulator, 'common', redemption(code))).toMatchObject({ body: { error_codes: [54005] } });
    const late = await signInCode();
    emulator.advance({ minutes: 11 });
    expect(await postToken(emulator, 'common', redemption(late))).toMatchObject({ body: { error_codes: [70008] } });
  });
});

describe('a refresh token of the partner', () => {
  async function signedIn(): Promise<string> {
    return String((await postToken(emulator, 'common', redemption(await signInCode()))).body['refresh_token']);
  }
  const refresh = (token: string, tenant: string) =>
    postToken(emulator, tenant, { grant_type: 'refresh_token', refresh_token: token });

  it('opens every customer with a living relationship, and is renewed each time', async () => {
    const token = await signedIn();
    const answer = await refresh(token, customerTenantIds.clashing);
    expect(answer.status).toBe(200);
    expect(answer.body['refresh_token']).not.toBe(token);
    const organization = await callGraph(emulator, String(answer.body['access_token']), '/organization');
    expect(organization.body.value?.[0]?.['id']).toBe(customerTenantIds.clashing);
    expect(await refresh(token, customerTenantIds.expired)).toMatchObject({ body: { error_codes: [50020] } });
  });

  it('is worth nothing where the relationship or the consent is gone', async () => {
    const token = await signedIn();
    const access = String((await refresh(token, customerTenantIds.clashing)).body['access_token']);
    emulator.removeRelationship(customerTenantIds.clashing);
    expect(await refresh(token, customerTenantIds.clashing)).toMatchObject({ body: { error_codes: [50020] } });
    expect((await callGraph(emulator, access, '/users')).body.error?.code).toBe('Authorization_RequestDenied');
    emulator.removeConsent(customerTenantIds.large);
    expect(await refresh(token, customerTenantIds.large)).toMatchObject({
      body: { error: 'invalid_grant', error_codes: [65001], suberror: 'consent_required' },
    });
  });

  it('dies when the user is signed out, after ninety idle days, and on first use if the test says so', async () => {
    const token = await signedIn();
    emulator.advance({ minutes: 1 });
    emulator.revokeGrants({ tenantId: partnerTenantId, userId: emulator.world.signedIn?.userId ?? '' });
    expect(await refresh(token, partnerTenantId)).toMatchObject({ body: { error_codes: [50173] } });
    emulator.advance({ minutes: 1 });
    const second = await signedIn();
    emulator.useRefreshTokensOnce();
    const third = String((await refresh(second, partnerTenantId)).body['refresh_token']);
    expect((await refresh(second, partnerTenantId)).status).toBe(400);
    emulator.advance({ days: 91 });
    expect(await refresh(third, partnerTenantId)).toMatchObject({ body: { error_codes: [70008] } });
  });
});

it('forgets access tokens when told', async () => {
  const token = await applicationToken(emulator);
  emulator.expireAccessTokens();
  const answer = await callGraph(emulator, token, '/users');
  expect(answer.status).toBe(401);
  expect(answer.headers.get('WWW-Authenticate')).toContain('Bearer');
});
