import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MspId } from '#kernel/id';
import { TestBrowser, totpCode } from '../../../../../test/support/sign-in.ts';
import { buildMsp, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { inviteStaffInput, Invitations } from './invitations.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  // Links also end by the database's own clock.
  app.clock.set(Temporal.Now.instant());
});
afterAll(() => app[Symbol.asyncDispose]());

const password = 'correct horse battery';

async function invite(mspId: MspId, email: string): Promise<string> {
  const { link } = await app.container
    .resolve(Invitations)
    .inviteStaff(systemScope(mspId), inviteStaffInput.parse({ email, standardRoles: ['technician'] }));
  return new URL(link).hash.slice(1) ?? '';
}

/** Somebody who accepted an invitation and enrolled an app. */
async function join(
  mspId: MspId,
  email: string,
): Promise<{ browser: TestBrowser; totpUri: string; backupCodes: string[] }> {
  const browser = new TestBrowser(app);
  const secret = await invite(mspId, email);
  expect((await browser.post('accept-invitation', { token: secret, name: 'Ada', password })).body).toEqual({
    step: 'enrol',
  });
  const enrolled = await browser.post('enrol-totp', { password });
  const totpUri = String(enrolled.body['totpUri']);
  expect((await browser.post('confirm-totp', { code: totpCode(totpUri) })).body).toEqual({ step: 'ready' });
  return { browser, totpUri, backupCodes: enrolled.body['backupCodes'] as string[] };
}

describe('the first administrator', () => {
  it('comes in by a link that works once, names the MSP, and can do nothing before a second factor', async () => {
    const { mspId } = await buildMsp(app);
    const { link } = await app.container.resolve(Invitations).inviteFirstAdministrator(systemScope(mspId));
    const secret = new URL(link).hash.slice(1) ?? '';
    const browser = new TestBrowser(app);
    expect((await browser.post('look-at-invitation', { token: secret })).body).toMatchObject({
      isFirstAdministrator: true,
    });
    const input = {
      token: secret,
      name: 'Grace',
      email: `grace@${mspId.slice(-6)}.example`,
      password,
      msp: { name: 'Harbour IT', timeZone: 'Europe/London', currency: 'GBP' },
    };
    expect((await browser.post('accept-invitation', input)).body).toEqual({ step: 'enrol' });
    await expect(browser.scope()).rejects.toMatchObject({ code: 'session.second-factor-needed' });
    expect((await browser.get('/api/auth/session')).status).toBe(401);
    const { body } = await browser.post('enrol-totp', { password });
    expect((await browser.post('confirm-totp', { code: totpCode(String(body['totpUri'])) })).body).toEqual({
      step: 'ready',
    });
    expect((await browser.get('/api/auth/session')).body).toMatchObject({
      person: { name: 'Grace' },
      msp: { name: 'Harbour IT' },
      reach: { kind: 'all' },
    });
    expect((await browser.scope()).permissions).toContain('identity.manage-staff');
    const again = await new TestBrowser(app).post('accept-invitation', { ...input, email: 'other@example.test' });
    expect(again.body).toMatchObject({ code: 'identity.invitation-over' });
  });

  it('is one, however many follow the link at once, and the others leave no login behind', async () => {
    const { mspId } = await buildMsp(app);
    const { link } = await app.container.resolve(Invitations).inviteFirstAdministrator(systemScope(mspId));
    const secret = new URL(link).hash.slice(1) ?? '';
    const tries = Array.from({ length: 6 }, (_, index) =>
      new TestBrowser(app).post('accept-invitation', {
        token: secret,
        name: 'N',
        email: `n${index}@${mspId.slice(-6)}.example`,
        password,
      }),
    );
    const statuses = (await Promise.all(tries)).map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 409, 409, 409, 409, 409]);
    const retry = Array.from({ length: 6 }, (_, index) =>
      new TestBrowser(app).post('sign-in', { email: `n${index}@${mspId.slice(-6)}.example`, password }),
    );
    expect((await Promise.all(retry)).filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('must come within the hour', async () => {
    const { mspId } = await buildMsp(app);
    const { link } = await app.container.resolve(Invitations).inviteFirstAdministrator(systemScope(mspId));
    app.clock.advance({ minutes: 61 });
    const { body } = await new TestBrowser(app).post('look-at-invitation', {
      token: new URL(link).hash.slice(1),
    });
    expect(body).toMatchObject({ code: 'identity.invitation-over' });
  });
});

describe('sign-in of staff', () => {
  it('needs the password and then the code; backup codes work once', async () => {
    const { mspId } = await buildMsp(app);
    const email = `ada@${mspId.slice(-6)}.example`;
    const { totpUri, backupCodes } = await join(mspId, email);
    const browser = new TestBrowser(app);
    expect((await browser.post('sign-in', { email, password: 'wrong password!' })).status).toBe(401);
    expect((await browser.post('sign-in', { email, password })).body).toEqual({ step: 'second-factor' });
    await expect(browser.scope()).rejects.toMatchObject({ code: 'session.none' });
    expect((await browser.post('second-factor', { code: '000000' })).status).toBe(401);
    expect((await browser.post('second-factor', { code: totpCode(totpUri) })).body).toEqual({ step: 'ready' });
    expect((await browser.scope()).mspId).toBe(mspId);
    const code = backupCodes[0] ?? '';
    for (const expected of [200, 401]) {
      const other = new TestBrowser(app);
      await other.post('sign-in', { email, password });
      expect((await other.post('second-factor', { code })).status).toBe(expected);
    }
  });

  it('gives a session that has only proved a password no way to enrol its own second factor', async () => {
    const { mspId } = await buildMsp(app);
    const email = `eve@${mspId.slice(-6)}.example`;
    await join(mspId, email);
    const thief = new TestBrowser(app);
    await thief.post('sign-in', { email, password });
    for (const path of ['enrol-totp', 'confirm-totp', 'passkey-registration-options'])
      expect((await thief.post(path, { password, code: '123456' })).status).toBeGreaterThanOrEqual(400);
  });

  it('ends at once with sign-out, also for a copied cookie', async () => {
    const { mspId } = await buildMsp(app);
    const { browser } = await join(mspId, `out@${mspId.slice(-6)}.example`);
    const copy = new TestBrowser(app).withCookie(browser.cookie);
    expect((await copy.scope()).mspId).toBe(mspId);
    await browser.post('sign-out');
    await expect(copy.scope()).rejects.toMatchObject({ code: 'session.none' });
  });

  it('does not join an invitation to a login that happens to have its address', async () => {
    const [one, other] = [await buildMsp(app), await buildMsp(app)];
    const email = `both@${one.mspId.slice(-6)}.example`;
    const { browser } = await join(one.mspId, email);
    const secret = await invite(other.mspId, email);
    const stranger = await new TestBrowser(app).post('accept-invitation', { token: secret, name: 'Mallory', password });
    expect(stranger.body).toMatchObject({ code: 'identity.login-exists' });
    const before = browser.cookie;
    expect((await browser.post('accept-invitation', { token: secret, name: 'Ada' })).body).toEqual({ step: 'ready' });
    expect((await browser.scope()).mspId).toBe(other.mspId);
    const { body } = await browser.get('/api/auth/step');
    expect(body['memberships']).toHaveLength(2);
    const [first] = (body['memberships'] as { membershipId: string; mspName: string }[]).filter(({ mspName }) =>
      mspName.endsWith(one.mspId.slice(-8)),
    );
    const second = browser.cookie;
    await browser.post('choose-membership', { membershipId: first?.membershipId });
    expect((await browser.scope()).mspId).toBe(one.mspId);
    expect(browser.cookie).not.toBe(second);
    await expect(browser.scope({ cookie: second })).rejects.toMatchObject({ code: 'session.none' });
    expect(before).not.toBe(second);
  });
});

describe('guessing', () => {
  it('gets ten checks of a password in a quarter of an hour, however many try at once, and the owner is told', async () => {
    const { mspId } = await buildMsp(app);
    const email = `target@${mspId.slice(-6)}.example`;
    await join(mspId, email);
    await app.pool.query('select 1');
    const tries = await Promise.all(
      Array.from({ length: 80 }, () => new TestBrowser(app).post('sign-in', { email, password: 'wrong password!' })),
    );
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(70);
    expect((await new TestBrowser(app).post('sign-in', { email, password })).status).toBe(429);
    app.clock.advance({ minutes: 16 });
    expect((await new TestBrowser(app).post('sign-in', { email, password })).body).toEqual({ step: 'second-factor' });
  });
});
