import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId, MspId } from '#kernel/id';
import { createContactInput, SaveContact, type ContactId } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { TestBrowser } from '../../../../../test/support/sign-in.ts';
import { addStaff } from '../../../../../test/support/world-identity.ts';
import { buildMsp, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { Logins } from './logins.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  app.clock.set(Temporal.Now.instant());
});
afterAll(() => app[Symbol.asyncDispose]());

async function addContact(
  mspId: MspId,
  clientId: ClientId,
  email: string,
  samePersonAs?: ContactId,
): Promise<ContactId> {
  const input = { clientId, name: 'Cora', email, portalRole: 'member', samePersonAs };
  return (await app.container.resolve(SaveContact).create(systemScope(mspId), createContactInput.parse(input)))
    .contactId;
}

/** The secrets of the links that were mailed to an address, newest last. */
async function mailedLinks(mspId: MspId, email: string): Promise<string[]> {
  const mails = await app.container
    .resolve(ScopedDb)
    .transaction(systemScope(mspId), (tx) =>
      tx.sql<{ body_text: string; recipients: { address: string }[] }>(
        'select body_text, recipients from mail_outbox where msp_id = $1 order by id',
        [mspId],
      ),
    );
  return mails
    .filter((mail) => mail.recipients[0]?.address === email)
    .map((mail) => /\/portal\/enter#(\S+)/.exec(mail.body_text)?.[1] ?? '');
}

async function slugOf(mspId: MspId): Promise<string> {
  return `msp-${mspId.slice(-8)}`;
}

describe('a link into the portal', () => {
  it('lets its contact in once, as that client alone', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const [mine] = clientIds as [ClientId];
    await addContact(mspId, mine, 'cora@client.example');
    const browser = new TestBrowser(app);
    const msp = await slugOf(mspId);
    expect((await browser.post('request-portal-link', { email: 'Cora@Client.example', msp })).body).toEqual({
      isSent: true,
    });
    const [token] = await mailedLinks(mspId, 'cora@client.example');
    const entered = await Promise.all(
      Array.from({ length: 5 }, () => new TestBrowser(app).post('enter-portal', { token })),
    );
    expect(entered.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401, 401]);
    await browser.post('request-portal-link', { email: 'cora@client.example', msp });
    const again = (await mailedLinks(mspId, 'cora@client.example')).at(-1);
    expect((await browser.post('enter-portal', { token: again })).body).toEqual({ step: 'ready' });
    expect(await browser.scope()).toMatchObject({
      mspId,
      audience: 'client',
      reach: { kind: 'only', clientIds: [mine] },
    });
    expect((await browser.get('/api/auth/session')).body).toMatchObject({
      audience: 'client',
      person: { name: 'Cora', email: 'cora@client.example' },
      client: { id: mine },
    });
  });

  it('says the same of an address that nobody here has, and mails nothing', async () => {
    const { mspId } = await buildMsp(app);
    const answer = await new TestBrowser(app).post('request-portal-link', {
      email: 'nobody@nowhere.example',
      msp: await slugOf(mspId),
    });
    expect(answer.body).toEqual({ isSent: true });
    expect(await mailedLinks(mspId, 'nobody@nowhere.example')).toEqual([]);
  });

  it('never leads to a member of staff who has the same address, nor lets its session add a factor', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    const email = `boss@${mspId.slice(-6)}.example`;
    const { loginId } = await addStaff(app, { mspId }, { name: 'Boss', standardRoles: ['administrator'] });
    await app.container.resolve(Logins).create({ id: loginId, email, name: 'Boss', password: 'correct horse battery' });
    await addContact(mspId, clientIds[0] as ClientId, email);
    const browser = new TestBrowser(app);
    await browser.post('request-portal-link', { email, msp: await slugOf(mspId) });
    await browser.post('enter-portal', { token: (await mailedLinks(mspId, email))[0] });
    const scope = await browser.scope();
    expect(scope.audience).toBe('client');
    expect([...scope.permissions]).not.toContain('identity.manage-staff');
    expect((await browser.get('/api/auth/step')).body['memberships']).toHaveLength(1);
    for (const action of ['enrol-totp', 'passkey-registration-options'])
      expect((await browser.post(action, { password: 'correct horse battery' })).status).toBe(403);
  });

  it('lets one person who is a contact of two clients choose, and nobody else’s contact', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 3 });
    const [one, two, three] = clientIds as [ClientId, ClientId, ClientId];
    const first = await addContact(mspId, one, 'dual@client.example');
    const second = await addContact(mspId, two, 'dual@client.example', first);
    const stranger = await addContact(mspId, three, 'other@client.example');
    const browser = new TestBrowser(app);
    await browser.post('request-portal-link', { email: 'dual@client.example', msp: await slugOf(mspId) });
    const links = await mailedLinks(mspId, 'dual@client.example');
    expect(links).toHaveLength(1);
    await browser.post('enter-portal', { token: links[0] });
    expect((await browser.scope()).reach).toEqual({ kind: 'only', clientIds: [one] });
    await browser.post('choose-membership', { membershipId: second });
    expect((await browser.scope()).reach).toEqual({ kind: 'only', clientIds: [two] });
    expect((await browser.post('choose-membership', { membershipId: stranger })).status).toBe(404);
  });

  it('ends when the contact may no longer enter, also for who is in', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    const contactId = await addContact(mspId, clientIds[0] as ClientId, 'gone@client.example');
    const browser = new TestBrowser(app);
    for (let index = 0; index < 2; index += 1)
      await browser.post('request-portal-link', { email: 'gone@client.example', msp: await slugOf(mspId) });
    const [first, second] = await mailedLinks(mspId, 'gone@client.example');
    await browser.post('enter-portal', { token: first });
    await browser.scope();
    await app.container.resolve(SaveContact).update(systemScope(mspId), { contactId, version: 1, portalRole: 'none' });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await expect(browser.scope()).rejects.toMatchObject({ code: 'session.membership-over' });
    expect((await new TestBrowser(app).post('enter-portal', { token: second })).status).toBe(401);
  });
});
