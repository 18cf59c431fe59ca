import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId } from '#kernel/id';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { ClientGroups } from './client-groups.ts';
import { ClientQueries } from './client-queries.ts';
import { ContactQueries } from './contact-queries.ts';
import { MergeClients } from './merge-clients.ts';
import { MspQueries } from './msp-queries.ts';
import { createContactInput, SaveContact } from './save-contact.ts';
import { SiteQueries } from './site-queries.ts';
import { createSiteInput, Sites } from './sites.ts';
import { UpdateMsp } from './update-msp.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

async function twoClients() {
  const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
  const [one, two] = clientIds as [ClientId, ClientId];
  return { mspId, one, two, all: staffScope(mspId) };
}

describe('Sites', () => {
  it('belong to one client, go by one name there, and refuse a stale version', async () => {
    const { mspId, one, two, all } = await twoClients();
    const sites = app.container.resolve(Sites);
    const input = createSiteInput.parse({ clientId: one, name: 'Head office', timeZone: 'Europe/London' });
    const { siteId } = await sites.create(all, input);
    await expect(sites.create(all, input)).rejects.toMatchObject({ code: 'tenancy.site-name-taken' });
    await sites.create(all, { ...input, clientId: two });
    await sites.update(all, { siteId, version: 1, name: 'Main office' });
    await expect(sites.update(all, { siteId, version: 1, name: 'Other' })).rejects.toMatchObject({
      code: 'tenancy.site-changed',
    });
    const elsewhere = staffScope(mspId, { kind: 'only', clientIds: [two] });
    await expect(sites.update(elsewhere, { siteId, version: 2, name: 'Stolen' })).rejects.toMatchObject({
      code: 'tenancy.site-not-found',
    });
    const { items } = await app.container.resolve(SiteQueries).list(elsewhere, { limit: 50 });
    expect(items.map((site) => site.clientId)).toEqual([two]);
  });
});

describe('SaveContact', () => {
  it('keeps one address a client, sites of that client only, and refuses a stale version', async () => {
    const { one, two, all } = await twoClients();
    const save = app.container.resolve(SaveContact);
    const { siteId } = await app.container
      .resolve(Sites)
      .create(all, createSiteInput.parse({ clientId: two, name: 'Depot', timeZone: 'Europe/London' }));
    const input = { clientId: one, name: 'Cora', email: 'Cora@Client.example' };
    const { contactId } = await save.create(all, createContactInput.parse(input));
    await expect(save.create(all, createContactInput.parse(input))).rejects.toMatchObject({
      code: 'tenancy.contact-email-taken',
    });
    await expect(save.update(all, { contactId, version: 1, siteId })).rejects.toMatchObject({
      code: 'tenancy.site-not-found',
    });
    await save.update(all, { contactId, version: 1, phone: '+44 20 7946 0000' });
    await expect(save.update(all, { contactId, version: 1, phone: '' })).rejects.toMatchObject({
      code: 'tenancy.contact-changed',
    });
    expect((await app.container.resolve(ContactQueries).get(all, contactId)).email).toBe('cora@client.example');
  });

  it('lets one person be a contact of two clients, neither of which sees the other', async () => {
    const { mspId, one, two, all } = await twoClients();
    const save = app.container.resolve(SaveContact);
    const base = { name: 'Cora', email: 'cora@both.example' };
    const first = await save.create(all, createContactInput.parse({ ...base, clientId: one }));
    const second = await save.create(
      all,
      createContactInput.parse({ ...base, clientId: two, samePersonAs: first.contactId }),
    );
    const contacts = app.container.resolve(ContactQueries);
    const [a, b] = [await contacts.get(all, first.contactId), await contacts.get(all, second.contactId)];
    expect(a.personId).toBe(b.personId);
    const seen = await contacts.list(contactScope(mspId, two), { limit: 50 });
    expect(seen.items.map((contact) => contact.id)).toEqual([second.contactId]);
  });
});

describe('ClientGroups', () => {
  it('leaves members alone that the caller does not reach', async () => {
    const { mspId, one, two, all } = await twoClients();
    const groups = app.container.resolve(ClientGroups);
    const { groupId } = await groups.create(all, { name: 'Gold' });
    await groups.setMembers(all, { groupId, version: 1, clientIds: [one, two] });
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [two] });
    await groups.setMembers(narrow, { groupId, version: 2, clientIds: [] });
    expect((await groups.list(all)).map((group) => group.clientIds)).toEqual([[one]]);
    await expect(groups.setMembers(narrow, { groupId, version: 3, clientIds: [one] })).rejects.toMatchObject({
      code: 'tenancy.client-not-found',
    });
    await expect(groups.setMembers(all, { groupId, version: 1, clientIds: [] })).rejects.toMatchObject({
      code: 'tenancy.client-group-changed',
    });
  });
});

describe('MergeClients', () => {
  it('hides the one that goes, follows earlier merges in one step, and is done once', async () => {
    const { mspId, internalClientId, clientIds } = await buildMsp(app, { clients: 3 });
    const [one, two, three] = clientIds as [ClientId, ClientId, ClientId];
    const all = staffScope(mspId);
    const merge = app.container.resolve(MergeClients);
    await merge.run(all, { clientId: one, version: 1, intoId: two });
    await merge.run(all, { clientId: two, version: 1, intoId: three });
    const queries = app.container.resolve(ClientQueries);
    expect((await queries.withMerged(all, [three])).toSorted()).toEqual([one, two, three].toSorted());
    expect((await queries.list(all, { limit: 50 })).items.map((client) => client.id)).not.toContain(one);
    await expect(merge.run(all, { clientId: one, version: 2, intoId: three })).rejects.toMatchObject({
      code: 'tenancy.already-merged',
    });
    for (const [clientId, intoId, code] of [
      [three, three, 'tenancy.merge-with-itself'],
      [three, internalClientId, 'tenancy.internal-client'],
    ] as const)
      await expect(merge.run(all, { clientId, version: 1, intoId })).rejects.toMatchObject({ code });
  });
});

describe('UpdateMsp', () => {
  it('renames the MSP and its internal client with it, and refuses a stale version', async () => {
    const { mspId, internalClientId } = await buildMsp(app);
    const update = app.container.resolve(UpdateMsp);
    await update.run(staffScope(mspId), { version: 1, name: 'Harbour IT', accentHue: 30 });
    expect(await app.container.resolve(MspQueries).get(staffScope(mspId))).toMatchObject({
      name: 'Harbour IT',
      accentHue: 30,
    });
    expect((await app.container.resolve(ClientQueries).get(staffScope(mspId), internalClientId)).name).toBe(
      'Harbour IT',
    );
    await expect(update.run(staffScope(mspId), { version: 1, name: 'Other' })).rejects.toMatchObject({
      code: 'tenancy.msp-changed',
    });
  });
});
