import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { TestBrowser } from '../../../../../test/support/sign-in.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import { buildMsp, startTestApp, staffScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { ApiKeys, createApiKeyInput } from './api-keys.ts';
import type { LoginId } from './identity-table.ts';
import { Roles } from './roles.ts';
import { StaffQueries } from './staff-queries.ts';
import { UpdateStaff } from './update-staff.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  app.clock.set(Temporal.Now.instant());
});
afterAll(() => app[Symbol.asyncDispose]());

const READ = 'tenancy.read-clients';

async function scopeOfKey(secret: string): Promise<TenantScope> {
  return new TestBrowser(app).scope({ authorization: `Bearer ${secret}` });
}

function createKey(mspId: MspId, loginId: LoginId, input: object = {}) {
  const scope = loginScope({ mspId }, loginId, [READ]);
  return app.container
    .resolve(ApiKeys)
    .createOwn(scope, createApiKeyInput.parse({ name: 'reader', permissions: [READ], ...input }));
}

describe('ApiKeys', () => {
  it('acts for its owner, kept to its permissions and clients, and is stored as a hash only', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const [one] = clientIds as [ClientId];
    const { loginId } = await addStaff(app, { mspId }, { name: 'Ada', standardRoles: ['technician'] });
    const { secret } = await createKey(mspId, loginId, { reach: { kind: 'only', clientIds: [one] } });
    const scope = await scopeOfKey(secret);
    expect(scope).toMatchObject({ mspId, reach: { kind: 'only', clientIds: [one] }, actor: { kind: 'api-key' } });
    expect([...scope.permissions]).toEqual([READ]);
    const admin = new pg.Client({ connectionString: app.database.superuserUrl });
    await admin.connect();
    const { rows } = await admin.query<{ row: string }>(
      `select to_jsonb(k)::text as row from identity_api_key k union all select to_jsonb(r)::text from directory_route r union all select to_jsonb(a)::text from audit_entry a`,
    );
    await admin.end();
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.filter(({ row }) => row.includes(secret.slice(10)))).toEqual([]);
    const listed = await app.container.resolve(ApiKeys).listOwn(loginScope({ mspId }, loginId, []));
    expect(JSON.stringify(listed)).not.toContain(secret);
  });

  it('holds no more than its owner: not at birth, and not after the owner lost it', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const [one, two] = clientIds as [ClientId, ClientId];
    const owner = await addStaff(app, { mspId }, { name: 'Ada', standardRoles: ['administrator'] });
    await addStaff(app, { mspId }, { name: 'Root', standardRoles: ['administrator'] });
    await expect(createKey(mspId, owner.loginId, { permissions: ['no.such'] })).rejects.toMatchObject({
      code: 'identity.unknown-permission',
    });
    const reader = await addStaff(app, { mspId }, { name: 'Rae', standardRoles: ['read-only'], onlyClients: [one] });
    await expect(createKey(mspId, reader.loginId, { permissions: ['tenancy.manage-clients'] })).rejects.toMatchObject({
      code: 'identity.grant-too-wide',
    });
    await expect(createKey(mspId, reader.loginId, { reach: { kind: 'only', clientIds: [two] } })).rejects.toMatchObject(
      { code: 'identity.grant-too-wide' },
    );
    const { secret } = await createKey(mspId, owner.loginId, { permissions: [READ, 'identity.manage-staff'] });
    expect((await scopeOfKey(secret)).permissions.size).toBe(2);
    const staff = app.container.resolve(UpdateStaff);
    const staffId = owner.staffId as never;
    await staff.run(staffScope(mspId), {
      staffId,
      version: 1,
      standardRoles: ['read-only'],
      reach: { kind: 'only', clientIds: [one] },
    });
    const narrowed = await scopeOfKey(secret);
    expect([...narrowed.permissions]).toEqual([READ]);
    expect(narrowed.reach).toEqual({ kind: 'only', clientIds: [one] });
    await staff.remove(staffScope(mspId), { staffId, version: 2 });
    await expect(scopeOfKey(secret)).rejects.toMatchObject({ code: 'api-key.refused' });
  });

  it('ends at once when revoked, by its time, and is refused in any other form', async () => {
    const { mspId } = await buildMsp(app);
    const { loginId } = await addStaff(app, { mspId }, { name: 'Ada', standardRoles: ['technician'] });
    const made = await createKey(mspId, loginId);
    await scopeOfKey(made.secret);
    await app.container.resolve(ApiKeys).revokeOwn(loginScope({ mspId }, loginId, []), made.apiKeyId);
    await expect(scopeOfKey(made.secret)).rejects.toMatchObject({ code: 'api-key.refused' });
    const short = await createKey(mspId, loginId, { days: 1 });
    app.clock.advance({ hours: 25 });
    await expect(scopeOfKey(short.secret)).rejects.toMatchObject({ code: 'api-key.refused' });
    app.clock.set(Temporal.Now.instant());
    for (const authorization of [
      'Bearer ',
      `Basic ${short.secret}`,
      `Bearer ${short.secret}x`,
      `Bearer ${'a'.repeat(5000)}`,
    ])
      await expect(new TestBrowser(app).scope({ authorization })).rejects.toMatchObject({ code: 'api-key.refused' });
  });
});

describe('UpdateStaff', () => {
  it('keeps one administrator, refuses a stale version, and nobody gives what they do not hold', async () => {
    const { mspId } = await buildMsp(app);
    const only = await addStaff(app, { mspId }, { name: 'Root', standardRoles: ['administrator'] });
    const staff = app.container.resolve(UpdateStaff);
    const staffId = only.staffId as never;
    await expect(staff.remove(staffScope(mspId), { staffId, version: 1 })).rejects.toMatchObject({
      code: 'identity.last-administrator',
    });
    await expect(staff.remove(staffScope(mspId), { staffId, version: 7 })).rejects.toMatchObject({
      code: 'identity.staff-changed',
    });
    const other = await addStaff(app, { mspId }, { name: 'Tess', standardRoles: ['technician'] });
    const limited = staffScope(mspId, { kind: 'all' }, new Set(['identity.manage-staff']));
    await expect(
      staff.run(limited, { staffId: other.staffId as never, version: 1, standardRoles: ['administrator'] }),
    ).rejects.toMatchObject({ code: 'identity.grant-too-wide' });
    await expect(
      app.container.resolve(Roles).create(limited, { name: 'Sneaky', permissions: ['tenancy.manage-msp'] }),
    ).rejects.toMatchObject({ code: 'identity.grant-too-wide' });
    const [second] = [await addStaff(app, { mspId }, { name: 'Second', standardRoles: ['administrator'] })];
    const both = await Promise.allSettled([
      staff.remove(staffScope(mspId), { staffId, version: 1 }),
      staff.remove(staffScope(mspId), { staffId: second.staffId as never, version: 1 }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await app.container.resolve(StaffQueries).list(staffScope(mspId), { limit: 50 })).items).toHaveLength(2);
  });
});
