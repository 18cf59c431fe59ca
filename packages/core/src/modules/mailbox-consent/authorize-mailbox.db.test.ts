import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMailVendors, type MailVendors } from '../../../../../test/emulators/mail-vendors/mail-vendors.ts';
import { numberedMail } from '../../../../../test/support/mailboxes.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { testHttpApp } from '../../../../../test/support/test-http.ts';
import { mailboxConsentRoutes } from '#entry/http/mailbox-consent';
import { makeMailScope } from '#entry/mail/mail-scope';
import type { MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { ClockToken } from '#kernel/tokens';
import { MailboxQueries, MailboxRunner, mailboxRunnerParts, SaveMailbox, type MailboxId } from '#modules/mail-inbox';
import { MailboxSources } from '../mail-inbox/mailbox-sources.ts';
import { AuthorizeMailbox } from './authorize-mailbox.ts';

type Fields = Parameters<SaveMailbox['create']>[1];

const ADDRESS = 'support@northgate.example';
/** A busy machine is not wrong. */
const SOON = { timeout: 15_000 };

let app: TestApp;
let vendors: MailVendors;
let mspId: MspId;
let scope: TenantScope;

beforeAll(async () => {
  app = await startTestApp();
  vendors = await startMailVendors();
  const sources = new MailboxSources({
    allowedHosts: [],
    clock: app.container.resolve(ClockToken),
    endpoints: vendors.endpoints,
    pollMs: 30,
  });
  app.container.register(MailboxSources, { useValue: sources });
});
afterAll(async () => {
  await vendors[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ({ mspId } = await buildMsp(app));
  scope = staffScope(mspId);
  vendors.shared.clear();
  Object.assign(vendors.signIn, { endsInSeconds: null, isSilent: false });
});

function fieldsOf(kind: 'graph' | 'gmail', secrets: Fields['secrets'] = { clientSecret: 'app secret' }): Fields {
  const both = { grant: 'person' as const, clientId: 'app', startWith: 'all' as const };
  const afterwards = { action: 'leave' as const, folder: null };
  return {
    name: 'Support',
    address: ADDRESS,
    settings:
      kind === 'graph'
        ? { kind, ...both, tenant: 'northgate.example', folder: 'inbox', afterwards }
        : { kind, ...both, label: 'INBOX', afterwards },
    secrets,
    trustedAuthservId: null,
    defaultClientId: null,
    defaultQueue: null,
  };
}

const authorize = () => app.container.resolve(AuthorizeMailbox);
const connect = async (kind: 'graph' | 'gmail'): Promise<MailboxId> =>
  (await app.container.resolve(SaveMailbox).create(scope, fieldsOf(kind))).mailboxId;
const mailbox = async () => (await app.container.resolve(MailboxQueries).list(scope))[0];
const start = async (mailboxId: MailboxId) => (await authorize().start(scope, { mailboxId })).url;

/** Lets a person decide at the vendor, and takes them back. */
async function consent(mailboxId: MailboxId, decision: { account: string } | 'refuse' = { account: ADDRESS }) {
  const back = await vendors.consent(await start(mailboxId), decision);
  const { state = '', code, error, error_description: errorWords } = Object.fromEntries(back.searchParams);
  const brought = {
    ...(code === undefined ? {} : { code }),
    ...(error === undefined ? {} : { error }),
    ...(errorWords === undefined ? {} : { errorWords }),
  };
  return authorize().finish(scope, { state, ...brought });
}

/** Reads the MSP's mailboxes while something is waited for. */
async function reading(work: () => Promise<void>): Promise<void> {
  const runner = new MailboxRunner({
    ...mailboxRunnerParts(app.container),
    makeScope: makeMailScope,
    listMsps: async () => [mspId],
    handleWaiting: async () => {},
    onError: (error) => expect.fail(String(error)),
  });
  runner.start();
  try {
    await work();
  } finally {
    await runner.stop();
  }
}

describe.each(['graph', 'gmail'] as const)('AuthorizeMailbox for %s', (kind) => {
  it('reads a mailbox once a person consented, until the vendor takes the consent no more, and again after another', async () => {
    const mailboxId = await connect(kind);
    expect(await mailbox()).toMatchObject({ status: 'needs-consent', consent: { state: 'needed' } });
    await reading(async () => {
      await consent(mailboxId);
      vendors.deliver(numberedMail(vendors.mails.length + 1));
      await expect.poll(async () => (await mailbox())?.waitingCount, SOON).toBe(vendors.mails.length);
      await expect.poll(async () => (await mailbox())?.status, SOON).toBe('connected');
      expect(await mailbox()).toMatchObject({
        status: 'connected',
        consent: { state: 'given', account: ADDRESS, by: 'Test Technician', endsAt: null, problem: null },
      });
      vendors.signIn.revoke();
      vendors.endTokens();
      await expect.poll(async () => (await mailbox())?.status, SOON).toBe('needs-consent');
      const over = await mailbox();
      expect(over).toMatchObject({ consent: { state: 'ended', account: ADDRESS } });
      expect(over?.lastError).toContain('The grant has expired or was revoked.');
      await consent(mailboxId);
      vendors.deliver(numberedMail(vendors.mails.length + 1));
      await expect.poll(async () => (await mailbox())?.waitingCount, SOON).toBe(vendors.mails.length);
      await expect.poll(async () => (await mailbox())?.status, SOON).toBe('connected');
      expect(await mailbox()).toMatchObject({ status: 'connected', lastError: null });
    });
  });

  it('takes no return that is another’s, made up, used or too old', async () => {
    const mailboxId = await connect(kind);
    const back = await vendors.consent(await start(mailboxId), { account: ADDRESS });
    const { state = '', code = '' } = Object.fromEntries(back.searchParams);
    const unknown = { code: 'mailbox-consent.unknown' };
    await expect(authorize().finish(staffScope(mspId), { state, code })).rejects.toMatchObject(unknown);
    const other = await buildMsp(app);
    await expect(authorize().finish({ ...scope, mspId: other.mspId }, { state, code })).rejects.toMatchObject(unknown);
    await expect(authorize().finish(scope, { state: `${state}x`, code })).rejects.toMatchObject(unknown);
    await expect(authorize().finish({ ...scope, permissions: new Set() }, { state, code })).rejects.toMatchObject({
      code: 'permission.missing',
    });
    const [first, second] = await Promise.allSettled([
      authorize().finish(scope, { state, code }),
      authorize().finish(scope, { state, code }),
    ]);
    expect([first.status, second.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    const late = await vendors.consent(await start(mailboxId), { account: ADDRESS });
    app.clock.advance({ minutes: 11 });
    await expect(
      authorize().finish(scope, { state: late.searchParams.get('state') ?? '', code: 'x' }),
    ).rejects.toMatchObject(unknown);
  });

  it('says at the mailbox what came of a refusal, of another account and of a code that is not taken', async () => {
    const mailboxId = await connect(kind);
    await expect(consent(mailboxId, 'refuse')).rejects.toMatchObject({ code: 'mailbox-consent.refused' });
    expect(await mailbox()).toMatchObject({
      consent: {
        state: 'needed',
        problem: expect.stringMatching(/declined to consent\.$|was refused at the vendor\.$/),
      },
    });
    const wrong = { code: 'mailbox-consent.wrong-account' };
    await expect(consent(mailboxId, { account: 'jo@northgate.example' })).rejects.toMatchObject(wrong);
    expect((await mailbox())?.consent).toMatchObject({ state: 'needed', problem: expect.stringContaining('of jo@') });
    vendors.signIn.isSilent = true;
    if (kind === 'gmail') await expect(consent(mailboxId)).rejects.toMatchObject(wrong);
    vendors.signIn.isSilent = false;
    const state = new URL(await start(mailboxId)).searchParams.get('state') ?? '';
    const refused = { code: 'mailbox-consent.not-exchanged' };
    await expect(authorize().finish(scope, { state, code: 'made up' })).rejects.toMatchObject(refused);
    vendors.signIn.endsInSeconds = 7 * 24 * 3600;
    await consent(mailboxId, { account: ADDRESS.toUpperCase() });
    const given = (await mailbox())?.consent;
    const endsAt = app.clock
      .now()
      .add({ hours: 7 * 24 })
      .toString();
    expect(given).toMatchObject({ state: 'given', account: ADDRESS, problem: null, endsAt });
    await expect(consent(mailboxId, 'refuse')).rejects.toThrow();
    expect((await mailbox())?.consent).toMatchObject({ state: 'given', problem: expect.any(String) });
  });
});

describe('AuthorizeMailbox', () => {
  it('lets a person of Microsoft bring a mailbox that they may read', async () => {
    const mailboxId = await connect('graph');
    vendors.shared.add('jo@northgate.example');
    await consent(mailboxId, { account: 'jo@northgate.example' });
    expect((await mailbox())?.consent).toMatchObject({ state: 'given', account: 'jo@northgate.example' });
  });

  it('takes no consent that would last an hour', async () => {
    const mailboxId = await connect('gmail');
    await consent(mailboxId);
    const url = new URL(await start(mailboxId));
    url.searchParams.set('prompt', 'select_account');
    const { state = '', code = '' } = Object.fromEntries(
      (await vendors.consent(url.href, { account: ADDRESS })).searchParams,
    );
    await expect(authorize().finish(scope, { state, code })).rejects.toMatchObject({
      code: 'mailbox-consent.no-refresh-token',
    });
  });

  it('asks for what reading needs, and is refused without the app and for mailboxes that need nobody', async () => {
    const graph = new URL(await start(await connect('graph')));
    expect(graph.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['offline_access', 'https://graph.microsoft.com/Mail.ReadWrite']),
    );
    expect(graph.searchParams.get('redirect_uri')).toBe(authorize().redirectUri);
    const fields = fieldsOf('gmail');
    const save = app.container.resolve(SaveMailbox);
    await expect(save.create(scope, { ...fields, address: 'b@northgate.example', secrets: {} })).rejects.toMatchObject({
      fields: [{ path: ['secrets', 'clientSecret'] }],
    });
    const { mailboxId } = await save.create(scope, { ...fields, address: 'c@x.example', settings: { kind: 'smtp' } });
    await expect(start(mailboxId)).rejects.toMatchObject({ code: 'mail-inbox.no-consent-needed' });
  });

  it('forgets a consent with the app or the account that it was for', async () => {
    const mailboxId = await connect('gmail');
    await consent(mailboxId);
    const fields = fieldsOf('gmail', {});
    const save = app.container.resolve(SaveMailbox);
    const same = await save.update(scope, { ...fields, name: 'Other', mailboxId, version: 2 });
    expect(await mailbox()).toMatchObject({ name: 'Other', consent: { state: 'given', account: ADDRESS } });
    await save.update(scope, { ...fields, address: 'desk@northgate.example', mailboxId, version: same.version });
    expect(await mailbox()).toMatchObject({ status: 'needs-consent', consent: { state: 'needed', account: null } });
  });

  it('brings a browser back to the mailboxes, with what came of it', async () => {
    const mailboxId = await connect('graph');
    const door = mailboxConsentRoutes(
      {
        resolveScope: async () => scope,
        finish: (caller, returned) => authorize().finish(caller, returned),
        reportError: (error) => expect.fail(String(error)),
      },
      [],
    );
    const http = testHttpApp(app, new Map(), { doors: { '/api/mailbox-consent': door } });
    const back = await vendors.consent(await start(mailboxId), { account: ADDRESS });
    const answer = await http.request(`${back.pathname}${back.search}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/settings?tab=mailboxes&consent=given']);
    const again = await http.request(`${back.pathname}${back.search}`);
    expect(again.headers.get('location')).toBe('/settings?tab=mailboxes&consent=mailbox-consent.unknown');
    expect(JSON.stringify(await mailbox())).not.toMatch(/refresh \d|token \d|app secret/);
  });
});
