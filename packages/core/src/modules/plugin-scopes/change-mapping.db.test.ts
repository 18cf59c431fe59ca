import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addConnectionRows } from '../../../../../test/support/connection-rows.ts';
import { ScopeVendors, scopeOf } from '../../../../../test/support/scope-vendors.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId } from '#kernel/id';
import { ChangeMapping } from './change-mapping.ts';
import { ScopeQueries } from './scope-queries.ts';
import { SetSwitches } from './set-switches.ts';

let app: TestApp;
let vendors: ScopeVendors;
beforeAll(async () => {
  app = await startTestApp();
  vendors = new ScopeVendors(app);
});
afterAll(() => app[Symbol.asyncDispose]());
const discover: ScopeVendors['discover'] = (...args) => vendors.discover(...args);
const statesOf: ScopeVendors['statesOf'] = (...args) => vendors.statesOf(...args);
const one: ScopeVendors['one'] = (...args) => vendors.one(...args);
const addClient: ScopeVendors['addClient'] = (...args) => vendors.addClient(...args);

describe('ChangeMapping', () => {
  it('teaches the tenant id, so that another connection’s scope maps by itself, and unmapping takes both back', async () => {
    const { mspId } = await buildMsp(app);
    const clientId = await addClient(mspId, 'Hartley');
    const [first, second] = [await addConnectionRows(app, mspId), await addConnectionRows(app, mspId)];
    const hints = { tenantId: '6f1a0c50-13c7-4c1e-9a49-0f0a8ce2b6aa' };
    await discover(mspId, first, [scopeOf('a', { hints })]);
    const scope = staffScope(mspId);
    const mapping = app.container.resolve(ChangeMapping);
    const { id, version } = await one(mspId, first, 'a');
    await mapping.map(scope, { scopeId: id, version, clientId, reason: 'They told us.' });
    expect(await discover(mspId, second, [scopeOf('z', { hints })])).toEqual({ z: 'mapped' });
    await mapping.unmap(scope, { scopeIds: [id], reason: 'Wrong.' });
    await discover(mspId, first, [scopeOf('a', { hints })]);
    // The other connection’s mapping holds, so that the key is known; but a person took this one back.
    expect(await one(mspId, first, 'a')).toMatchObject({ client: null, readsEnabled: false });
  });

  it('never overwrites a mapping, and maps a client’s own connection to nobody else', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const [mine, other] = clientIds as [ClientId, ClientId];
    const connectionId = await addConnectionRows(app, mspId, { clientId: mine });
    await discover(mspId, connectionId, [scopeOf('a')]);
    const { id, version } = await one(mspId, connectionId, 'a');
    const mapping = app.container.resolve(ChangeMapping);
    const to = { scopeId: id, clientId: other, reason: '' };
    await expect(mapping.map(staffScope(mspId), { ...to, version })).rejects.toMatchObject({
      code: 'plugin-scopes.already-mapped',
    });
    await mapping.unmap(staffScope(mspId), { scopeIds: [id], reason: '' });
    await expect(mapping.map(staffScope(mspId), { ...to, version: version + 1 })).rejects.toMatchObject({
      code: 'plugin-scopes.of-another-client',
    });
    await expect(
      mapping.unmap(staffScope(mspId, { kind: 'only', clientIds: [mine] }), { scopeIds: [id], reason: '' }),
    ).rejects.toMatchObject({ code: 'scope.needs-all-clients' });
  });

  it('accepts suggestions together or not at all, and suggests no more what was declined', async () => {
    const { mspId } = await buildMsp(app);
    await addClient(mspId, 'Hartley Dental');
    await addClient(mspId, 'Brook Garage');
    const connectionId = await addConnectionRows(app, mspId);
    const listed = [
      scopeOf('h', { name: 'Hartley Dental' }),
      scopeOf('b', { name: 'Brook Garage' }),
      scopeOf('z', { name: 'Zebra' }),
    ];
    await discover(mspId, connectionId, listed);
    const ids = async (...names: string[]) =>
      Promise.all(names.map(async (name) => (await one(mspId, connectionId, name)).id));
    const mapping = app.container.resolve(ChangeMapping);
    const scope = staffScope(mspId);
    await expect(mapping.accept(scope, { scopeIds: await ids('h', 'b', 'z'), reason: '' })).rejects.toMatchObject({
      code: 'plugin-scopes.not-suggested',
    });
    expect(await statesOf(mspId, connectionId)).toMatchObject({ h: 'suggested' });
    await mapping.decline(scope, { scopeIds: await ids('b'), reason: 'Another Brook.' });
    await mapping.accept(scope, { scopeIds: await ids('h'), reason: '' });
    expect(await discover(mspId, connectionId, listed)).toEqual({ h: 'mapped', b: 'unmapped', z: 'unmapped' });
  });
});

describe('ScopeQueries', () => {
  it('shows scopes of nobody to reach all only, and a client’s to who reaches it', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const hartley = await addClient(mspId, 'Hartley', ['hartley.example']);
    const connectionId = await addConnectionRows(app, mspId);
    await discover(mspId, connectionId, [scopeOf('a', { hints: { domains: ['hartley.example'] } }), scopeOf('b')]);
    const seen = async (clientId: ClientId) =>
      (
        await app.container
          .resolve(ScopeQueries)
          .all(staffScope(mspId, { kind: 'only', clientIds: [clientId] }), connectionId)
      ).map((scope) => scope.externalId);
    expect(await seen(hartley)).toEqual(['a']);
    expect(await seen(clientIds[0]!)).toEqual([]);
    expect(
      await app.container
        .resolve(ScopeQueries)
        .all(staffScope(mspId, { kind: 'except', clientIds: [hartley] }), connectionId),
    ).toEqual([]);
  });

  it('leaves out what is switched off', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    const connectionId = await addConnectionRows(app, mspId, { clientId: clientIds[0]! });
    await discover(mspId, connectionId, [scopeOf('a')]);
    const { id } = await one(mspId, connectionId, 'a');
    const scope = staffScope(mspId, { kind: 'only', clientIds: [clientIds[0]!] });
    await app.container.resolve(SetSwitches).run(scope, { scopeIds: [id], readsEnabled: false, actionsEnabled: true });
    expect(await app.container.resolve(ScopeQueries).enabled(scope, connectionId)).toEqual([]);
    expect(await app.container.resolve(ScopeQueries).byId(scope, id)).toMatchObject({ actionsEnabled: true });
    const mayNot = staffScope(mspId, { kind: 'all' }, new Set(['plugin-scopes.enable-reads']));
    await expect(
      app.container.resolve(SetSwitches).run(mayNot, { scopeIds: [id], actionsEnabled: true }),
    ).rejects.toMatchObject({ code: 'permission.missing' });
  });
});
