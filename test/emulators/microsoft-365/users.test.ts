import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { applicationToken, callGraph, readAll } from './client.ts';
import { customerTenantIds } from './default-world.ts';
import { startMicrosoft365, type Microsoft365 } from './microsoft-365.ts';

const tenantId = customerTenantIds.large;
const userId = 'a0000000-1000-4000-8000-000000000002';
const administratorId = 'a0000000-1000-4000-8000-000000000001';
const premium = 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46';
const exchange = '4b9405b0-7788-4568-add1-99614e613b69';

let emulator: Microsoft365;
let token: string;
beforeEach(async () => {
  emulator = await startMicrosoft365();
  token = await applicationToken(emulator);
});
afterEach(() => emulator.stop());

const call = (path: string, method = 'GET', body?: unknown) =>
  callGraph(emulator, token, path, { method, ...(body !== undefined && { body }) });

describe('users/delta', () => {
  const round = async (link = '/users/delta?$select=displayName,accountEnabled') => {
    const { items, pages, last } = await readAll(emulator, token, link);
    return { items, pages, next: String(last['@odata.deltaLink']) };
  };

  it('lists all first, then only what changed', async () => {
    const first = await round();
    expect(first.items).toHaveLength(310);
    expect(first.pages).toBe(4);
    expect((await round(first.next)).items).toEqual([]);
    emulator.changeUser(tenantId, userId, { displayName: 'Renamed' });
    emulator.changeUser(tenantId, administratorId, { jobTitle: 'Not tracked' });
    emulator.removeUser(tenantId, 'a0000000-1000-4000-8000-000000000005');
    const added = emulator.addUser(tenantId, { displayName: 'Newcomer' });
    const second = await round(first.next);
    expect(second.items).toEqual([
      { id: userId, displayName: 'Renamed', accountEnabled: true },
      { id: 'a0000000-1000-4000-8000-000000000005', '@removed': { reason: 'changed' } },
      { id: added.id, displayName: 'Newcomer', accountEnabled: true },
    ]);
    expect((await round(second.next)).items).toEqual([]);
    const minimal = await callGraph(emulator, token, first.next, { headers: { Prefer: 'return=minimal' } });
    expect(minimal.body.value?.[0]).toEqual({ id: userId, displayName: 'Renamed' });
  });

  it('keeps a change that happened while the pages were read', async () => {
    const first = await call('/users/delta?$select=displayName');
    emulator.changeUser(tenantId, userId, { displayName: 'While reading' });
    const rest = await round(String(first.body['@odata.nextLink']));
    const later = await round(rest.next);
    expect(later.items).toEqual([{ id: userId, displayName: 'While reading' }]);
  });

  it('is gone after seven days, and after a reset', async () => {
    const first = await round();
    emulator.resetSync(tenantId);
    const reset = await callGraph(emulator, token, first.next);
    expect(reset.status).toBe(410);
    expect(reset.body.error?.code).toBe('resyncRequired');
    const again = await round(reset.headers.get('Location') ?? '');
    expect(again.items).toHaveLength(310);
    emulator.advance({ days: 8 });
    token = await applicationToken(emulator);
    const old = await callGraph(emulator, token, again.next);
    expect([old.status, old.body.error?.code]).toEqual([410, 'syncStateNotFound']);
  });

  it('refuses what delta does not take, and a token of another tenant', async () => {
    expect((await call('/users/delta?$top=5')).status).toBe(400);
    const { next } = await round();
    const other = await applicationToken(emulator, customerTenantIds.clashing);
    expect((await callGraph(emulator, other, next)).status).toBe(400);
    expect((await round('/users/delta?$deltatoken=latest')).items).toEqual([]);
  });
});

describe('leaving', () => {
  it('takes the account, the sessions, the licences, the groups and the devices', async () => {
    expect((await call(`/users/${userId}`, 'PATCH', { accountEnabled: false })).status).toBe(204);
    expect((await call(`/users/${userId}/revokeSignInSessions`, 'POST', {})).body['value']).toBe(true);
    const licences = await call(`/users/${userId}/licenseDetails`);
    expect(licences.body.value).toMatchObject([{ skuId: premium, skuPartNumber: 'SPB' }]);
    const assigned = await call(`/users/${userId}/assignLicense`, 'POST', {
      addLicenses: [],
      removeLicenses: [premium],
    });
    expect(assigned.body).toMatchObject({ id: userId, accountEnabled: false, assignedLicenses: [] });
    const groups = (await call(`/users/${userId}/memberOf`)).body.value ?? [];
    const removable = groups.find((group) => group['displayName'] === 'Finance');
    expect((await call(`/groups/${String(removable?.['id'])}/members/${userId}/$ref`, 'DELETE')).status).toBe(204);
    expect((await call(`/users/${userId}/memberOf`)).body.value).toHaveLength(groups.length - 1);
    const reply = { automaticRepliesSetting: { status: 'alwaysEnabled', internalReplyMessage: 'Gone' } };
    const settings = await call(`/users/${userId}/mailboxSettings`, 'PATCH', reply);
    expect(settings.body['automaticRepliesSetting']).toMatchObject({
      status: 'alwaysEnabled',
      externalAudience: 'none',
    });
    expect(
      (await call('/deviceManagement/managedDevices/d0000000-1000-4000-8000-000000000002/retire', 'POST')).status,
    ).toBe(204);
  });

  it('takes each authentication method but the password', async () => {
    const path = `/users/${userId}/authentication`;
    const methods = (await call(`${path}/methods`)).body.value ?? [];
    expect(methods).toHaveLength(3);
    expect((await call(`${path}/phoneMethods/${String(methods[1]?.['id'])}`, 'DELETE')).status).toBe(204);
    expect((await call(`${path}/phoneMethods/${String(methods[1]?.['id'])}`, 'DELETE')).status).toBe(404);
    expect((await call(`${path}/microsoftAuthenticatorMethods/${String(methods[2]?.['id'])}`, 'DELETE')).status).toBe(
      204,
    );
    expect((await call(`${path}/methods`)).body.value).toHaveLength(1);
  });
});

describe('changing', () => {
  const messageOf = async (path: string, method: string, body: unknown) =>
    (await call(path, method, body)).body.error?.message;

  it('is refused for administrators, for what is read-only, and for what is mastered elsewhere', async () => {
    expect((await call(`/users/${administratorId}`, 'PATCH', { accountEnabled: false })).status).toBe(403);
    expect(await messageOf(`/users/${userId}`, 'PATCH', { shoeSize: 43 })).toContain('does not exist');
    expect(await messageOf(`/users/${userId}`, 'PATCH', { createdDateTime: 'x' })).toContain('read-only');
    expect(await messageOf(`/users/${userId}`, 'PATCH', { accountEnabled: 'no' })).toContain('Edm.Boolean');
    const synced = 'a0000000-1000-4000-8000-000000000011';
    expect(await messageOf(`/users/${synced}`, 'PATCH', { jobTitle: 'x' })).toContain('on-premises mastered');
  });

  it('of licences keeps to what was bought and where it may be used', async () => {
    const assign = (body: unknown, id = userId) => messageOf(`/users/${id}/assignLicense`, 'POST', body);
    const add = (skuId: string) => ({ addLicenses: [{ skuId, disabledPlans: [] }], removeLicenses: [] });
    expect(await assign({ addLicenses: [] })).toContain('removeLicenses');
    expect(await assign({ addLicenses: [], removeLicenses: [exchange] })).toContain('does not have a corresponding');
    expect(await assign(add('c0000000-0000-4000-8000-000000000000'))).toContain('valid company License');
    expect(await assign(add(exchange), 'a0000000-1000-4000-8000-00000000001f')).toContain('usage location');
    for (let number = 2; number <= 6; number += 1) {
      expect(await assign(add(exchange), `a0000000-1000-4000-8000-00000000000${number}`)).toBeUndefined();
    }
    expect(await assign(add(exchange), 'a0000000-1000-4000-8000-000000000007')).toContain('available licenses');
  });

  it('of members is refused where a rule or Exchange decides', async () => {
    for (const group of ['b0000000-1000-4000-8000-000000000001', 'b0000000-1000-4000-8000-000000000004']) {
      const [member] = (await call(`/groups/${group}/members`)).body.value ?? [];
      expect((await call(`/groups/${group}/members/${String(member?.['id'])}/$ref`, 'DELETE')).status).toBe(400);
    }
  });

  it('shows sign-ins only where the tenant has paid for them', async () => {
    expect((await call(`/users/${userId}?$select=signInActivity`)).body['signInActivity']).toBeDefined();
    token = await applicationToken(emulator, customerTenantIds.endingSoon);
    expect((await call(`/users?$select=id,signInActivity`)).status).toBe(403);
  });
});
