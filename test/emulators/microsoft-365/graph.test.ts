import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { applicationToken, callGraph, readAll } from './client.ts';
import { customerTenantIds, partnerTenantId } from './default-world.ts';
import { startMicrosoft365, type Microsoft365 } from './microsoft-365.ts';

let emulator: Microsoft365;
let token: string;
beforeEach(async () => {
  emulator = await startMicrosoft365();
  token = await applicationToken(emulator);
});
afterEach(() => emulator.stop());

const codeOf = async (path: string, init = {}) => (await callGraph(emulator, token, path, init)).body.error?.code;

describe('lists', () => {
  it('come in pages with a whole address for the next', async () => {
    const users = await readAll(emulator, token, '/users?$select=id,accountEnabled');
    expect(users.items).toHaveLength(310);
    expect(users.pages).toBe(4);
    expect(Object.keys(users.items[0] ?? {}).toSorted()).toEqual(['accountEnabled', 'id']);
    expect((await readAll(emulator, token, '/users?$top=999')).pages).toBe(1);
    expect((await readAll(emulator, token, '/deviceManagement/managedDevices')).items).toHaveLength(140);
    expect((await readAll(emulator, token, '/security/secureScores?$top=40')).pages).toBe(3);
  });

  it('refuse a page token of another tenant', async () => {
    const next = String((await callGraph(emulator, token, '/users')).body['@odata.nextLink']);
    const other = await applicationToken(emulator, customerTenantIds.clashing);
    expect((await callGraph(emulator, other, next)).status).toBe(400);
    expect((await callGraph(emulator, token, next)).status).toBe(200);
  });

  it('refuse what Graph refuses', async () => {
    expect(await codeOf('/users?$foo=1')).toBe('BadRequest');
    expect(await codeOf('/users?$skip=10')).toBe('BadRequest');
    expect(await codeOf('/users?$top=1000')).toBe('Request_UnsupportedQuery');
    expect(await codeOf('/users?$select=shoeSize')).toBe('BadRequest');
    expect(await codeOf('/users?$select=mailboxSettings')).toBe('NotImplemented');
    expect(await codeOf('/subscribedSkus?$filter=skuPartNumber eq 1')).toBe('BadRequest');
    expect(await codeOf('/nothing')).toBe('BadRequest');
    expect(await codeOf('/users/nobody@harbourdental.example')).toBe('Request_ResourceNotFound');
  });
});

describe('$filter', () => {
  const count = async (path: string, headers = {}) =>
    (await callGraph(emulator, token, path, { headers })).body['@odata.count'] ?? codeOf(path, { headers });

  it('knows equality, beginnings, lists and licences', async () => {
    const disabled = await readAll(emulator, token, '/users?$filter=accountEnabled eq false');
    expect(disabled.items).toHaveLength(10);
    const some = await readAll(
      emulator,
      token,
      "/users?$filter=startswith(userPrincipalName,'amelia') and department eq 'Sales'",
    );
    expect(some.items.length).toBeGreaterThan(0);
    const licensed = await readAll(
      emulator,
      token,
      '/users?$filter=assignedLicenses/any(x:x/skuId eq cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46)',
    );
    expect(licensed.items).toHaveLength(310);
    const stale = await readAll(
      emulator,
      token,
      `/deviceManagement/managedDevices?$filter=lastSyncDateTime le ${Temporal.Now.instant()
        .subtract({ hours: 24 * 30 })
        .toString({ smallestUnit: 'second' })}`,
    );
    expect(stale.items).toHaveLength(14);
  });

  it('wants ConsistencyLevel and $count for the advanced operators', async () => {
    expect(await codeOf("/users?$filter=userType ne 'Guest'")).toBe('Request_UnsupportedQuery');
    expect(await count("/users?$filter=userType ne 'Guest'&$count=true&$top=1", { ConsistencyLevel: 'eventual' })).toBe(
      310,
    );
    expect(await codeOf("/users?$filter=onPremisesSamAccountName eq 'x'")).toBe('Request_UnsupportedQuery');
    expect(await codeOf('/users?$filter=accountEnabled eq')).toBe('BadRequest');
  });
});

describe('refusals', () => {
  it('carry the envelope and the request id', async () => {
    const answer = await callGraph(emulator, 'nonsense', '/users', { headers: { 'client-request-id': 'mine' } });
    expect(answer.status).toBe(401);
    expect(answer.body.error).toMatchObject({ code: 'InvalidAuthenticationToken' });
    expect(answer.body.error?.innerError['request-id']).toBe(answer.headers.get('request-id'));
    expect(answer.headers.get('client-request-id')).toBe('mine');
  });

  it('name the missing permission in the words of the service behind', async () => {
    emulator.grantOnly(customerTenantIds.large, ['User.Read.All']);
    token = await applicationToken(emulator);
    expect((await callGraph(emulator, token, '/users')).status).toBe(200);
    expect(await codeOf('/groups')).toBe('Authorization_RequestDenied');
    expect(await codeOf('/deviceManagement/managedDevices')).toBe('Forbidden');
    expect(await codeOf('/users/a0000000-1000-4000-8000-000000000002/mailboxSettings')).toBe('ErrorAccessDenied');
    expect(
      await codeOf('/users/a0000000-1000-4000-8000-000000000002', { method: 'PATCH', body: { accountEnabled: false } }),
    ).toBe('Authorization_RequestDenied');
  });

  it('throttle as long as they were told, then let pass', async () => {
    emulator.throttleNext(2, { retryAfterS: 7, path: '/users' });
    const answer = await callGraph(emulator, token, '/users');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('Retry-After')).toBe('7');
    expect(answer.body.error?.code).toBe('TooManyRequests');
    expect((await callGraph(emulator, token, '/organization')).status).toBe(200);
    expect((await callGraph(emulator, token, '/users')).status).toBe(429);
    expect((await callGraph(emulator, token, '/users')).status).toBe(200);
    emulator.failNext(1);
    expect(await codeOf('/users')).toBe('serviceNotAvailable');
  });
});

describe('tenants', () => {
  it('clash in their ids and never mix', async () => {
    const other = await applicationToken(emulator, customerTenantIds.clashing);
    const id = 'a0000000-1000-4000-8000-000000000003';
    const mine = await callGraph(emulator, token, `/users/${id}`);
    const theirs = await callGraph(emulator, other, `/users/${id}`);
    expect(mine.body['id']).toBe(theirs.body['id']);
    expect(mine.body['userPrincipalName']).not.toBe(theirs.body['userPrincipalName']);
  });

  it('are listed to the partner with the state of each relationship', async () => {
    const partner = await applicationToken(emulator, partnerTenantId);
    const list = await readAll(emulator, partner, '/tenantRelationships/delegatedAdminRelationships?$top=2');
    expect(list.pages).toBe(3);
    const statuses = () =>
      readAll(emulator, partner, '/tenantRelationships/delegatedAdminRelationships').then(({ items }) =>
        items.map((one) => one['status']),
      );
    expect(await statuses()).toEqual(['active', 'active', 'active', 'active', 'expired']);
    emulator.advance({ days: 21 });
    emulator.removeRelationship(customerTenantIds.large);
    const later = await applicationToken(emulator, partnerTenantId);
    const after = await readAll(emulator, later, '/tenantRelationships/delegatedAdminRelationships');
    expect(after.items.map((one) => one['status'])).toEqual(['terminated', 'active', 'active', 'expired', 'expired']);
    expect((await readAll(emulator, later, '/tenantRelationships/delegatedAdminCustomers')).items).toHaveLength(5);
  });

  it('have more licences assigned than bought in one of them', async () => {
    const ashford = await applicationToken(emulator, customerTenantIds.overAssigned);
    const [product] = (await readAll(emulator, ashford, '/subscribedSkus')).items;
    expect(product).toMatchObject({ consumedUnits: 45, prepaidUnits: { enabled: 40 } });
  });
});

describe('$batch', () => {
  it('runs each request by itself, in order of dependence', async () => {
    emulator.throttleNext(1, { path: '/groups' });
    const answer = await callGraph(emulator, token, '/$batch', {
      method: 'POST',
      body: {
        requests: [
          { id: '1', method: 'GET', url: '/organization' },
          { id: '2', method: 'GET', url: '/groups' },
          { id: '3', method: 'GET', url: '/domains', dependsOn: ['2'] },
        ],
      },
    });
    const responses = answer.body['responses'] as { id: string; status: number; headers?: Record<string, string> }[];
    expect(responses.map(({ id, status }) => [id, status])).toEqual([
      ['1', 200],
      ['2', 429],
      ['3', 424],
    ]);
    expect(responses[1]?.headers?.['Retry-After']).toBe('1');
    const requests = Array.from({ length: 21 }, (_, id) => ({ id: String(id), method: 'GET', url: '/users' }));
    expect(await codeOf('/$batch', { method: 'POST', body: { requests } })).toBe('BadRequest');
  });
});
