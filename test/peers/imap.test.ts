import { getCACertificates } from 'node:tls';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findPeer } from '../../scripts/peer-list.ts';
import { makeMailScope } from '../../packages/core/src/entry/mail/mail-scope.ts';
import type { MspId } from '../../packages/core/src/kernel/id.ts';
import { systemClock } from '../../packages/core/src/kernel/clock.ts';
import { mailboxRunnerParts, MailboxRunner, type MailboxId } from '../../packages/core/src/modules/mail-inbox/index.ts';
import { MailboxQueries } from '../../packages/core/src/modules/mail-inbox/mailbox-queries.ts';
import { MailboxSources } from '../../packages/core/src/modules/mail-inbox/mailbox-sources.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { connectMailbox, imapFields, numberedMail } from '../support/mailboxes.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../support/test-app.ts';

const peer = findPeer('dovecot');
const ALLOWED = ['127.0.0.0/8', '::1'];

describe.skipIf(peer.path === undefined)(
  `Dovecot of the system${peer.path === undefined ? ` (${peer.reason})` : ''}`,
  () => {
    let app: TestApp;
    let dovecot: Dovecot;
    let owner: pg.Pool;
    let mspId: MspId;
    let user: string;
    beforeAll(async () => {
      [app, dovecot] = await Promise.all([startTestApp(), startDovecot()]);
      owner = new pg.Pool({ connectionString: app.database.urls.owner, max: 1 });
    });
    afterAll(async () => {
      await owner?.end();
      await dovecot?.[Symbol.asyncDispose]();
      await app?.[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      ({ mspId } = await buildMsp(app));
      user = `user-${mspId.slice(-8)}`;
    });

    const sources = (allowedHosts: readonly string[] = ALLOWED, ca = [dovecot.ca]) =>
      new MailboxSources({ allowedHosts, clock: systemClock, ca: [...getCACertificates('default'), ...ca] });

    async function run(): Promise<AsyncDisposable> {
      const runner = new MailboxRunner({
        ...mailboxRunnerParts(app.container),
        sources: sources(),
        makeScope: makeMailScope,
        listMsps: async () => [mspId],
        handleWaiting: async () => {},
        onError: () => {},
      });
      runner.start();
      return { [Symbol.asyncDispose]: () => runner.stop() };
    }

    async function kept(mailboxId: MailboxId): Promise<string[]> {
      const { rows } = await owner.query<{ subject: string }>(
        `select substring(convert_from(content, 'UTF8') from 'Subject: ([^\r\n]*)') as subject
           from mail_inbound join mail_inbound_raw r on r.mail_id = id where mailbox_id = $1 order by id`,
        [mailboxId],
      );
      return rows.map(({ subject }) => subject);
    }
    const status = async () => (await app.container.resolve(MailboxQueries).list(staffScope(mspId)))[0];
    const messages = (folder: string) =>
      Number(/messages=(\d+)/.exec(dovecot.admin('mailbox', 'status', '-u', user, 'messages', folder))?.[1]);
    const unseen = () =>
      Number(/unseen=(\d+)/.exec(dovecot.admin('mailbox', 'status', '-u', user, 'unseen', 'INBOX'))?.[1]);

    it('hands over what is there and, at once, what comes; goes on after a restart and after the folder was numbered anew', async () => {
      dovecot.deliver(user, [numberedMail(1), numberedMail(2)]);
      const mailboxId = await connectMailbox(app, mspId, imapFields(dovecot, user));
      {
        await using _runner = await run();
        await expect.poll(() => kept(mailboxId), { timeout: 15_000 }).toEqual(['Mail 1', 'Mail 2']);
        await expect.poll(unseen).toBe(0);
        await expect.poll(status).toMatchObject({ status: 'connected', lastError: null, waitingCount: 2 });
        const before = performance.now();
        dovecot.deliver(user, [numberedMail(3)]);
        await expect.poll(() => kept(mailboxId), { timeout: 15_000 }).toHaveLength(3);
        expect(performance.now() - before).toBeLessThan(8000);
        await dovecot.restart();
        dovecot.deliver(user, [numberedMail(4)]);
        await expect.poll(() => kept(mailboxId), { timeout: 30_000 }).toHaveLength(4);
      }
      dovecot.renumber(user);
      dovecot.deliver(user, [numberedMail(5)]);
      await using _again = await run();
      await expect
        .poll(() => kept(mailboxId), { timeout: 30_000 })
        .toEqual(['Mail 1', 'Mail 2', 'Mail 3', 'Mail 4', 'Mail 5']);
    });

    it('moves mails once they are safe, and tells of one that is too large with its headers', async () => {
      dovecot.deliver(user, [numberedMail(1), numberedMail(2, 'x'.repeat(60 * 1024 * 1024)), numberedMail(3)]);
      const fields = imapFields(dovecot, user, { afterwards: { action: 'move', folder: 'Done' } });
      const mailboxId = await connectMailbox(app, mspId, fields);
      await using _runner = await run();
      await expect.poll(() => kept(mailboxId), { timeout: 30_000 }).toEqual(['Mail 1', 'Mail 2', 'Mail 3']);
      await expect.poll(() => [messages('INBOX'), messages('Done')], { timeout: 15_000 }).toEqual([0, 3]);
      const { rows } = await owner.query(
        `select state, size_bytes::int < 1000 as is_small, reason from mail_inbound where mailbox_id = $1 and state <> 'waiting'`,
        [mailboxId],
      );
      expect(rows).toEqual([
        { state: 'quarantined', is_small: true, reason: expect.stringContaining('The mail has 61 MB; at most 50 MB') },
      ]);
    });

    it('takes only what comes from now on, where that is wanted', async () => {
      app.clock.set(systemClock.now().subtract({ seconds: 2 }));
      dovecot.deliver(user, [numberedMail(1)]);
      dovecot.admin('fetch', '-u', user, 'uid', 'mailbox', 'INBOX');
      app.clock.set(systemClock.now().add({ seconds: 2 }));
      const mailboxId = await connectMailbox(app, mspId, imapFields(dovecot, user, { startWith: 'new' }));
      await using _runner = await run();
      await expect.poll(async () => (await status())?.status, { timeout: 15_000 }).toBe('connected');
      await new Promise((resolve) => setTimeout(resolve, 3000));
      dovecot.deliver(user, [numberedMail(2)]);
      await expect.poll(() => kept(mailboxId), { timeout: 15_000 }).toEqual(['Mail 2']);
    });

    it.each<
      [
        string,
        Parameters<typeof imapFields>[2] & { password?: string; allowed?: string[]; isTrusted?: boolean },
        string,
        RegExp,
      ]
    >([
      ['a private network', { allowed: [] }, 'address', /private network/],
      ['a name that nobody has', { host: 'mail.nowhere.invalid' }, 'address', /no host called mail\.nowhere\.invalid/],
      ['a port where nothing listens', { port: 1 }, 'connection', /Nothing listens on localhost, port 1/],
      ['an unknown certificate', { isTrusted: false }, 'encryption', /cannot be trusted/],
      ['TLS where it is not spoken', { port: 0 }, 'encryption', /does not speak TLS this way/],
      ['a wrong password', { password: 'wrong' }, 'sign-in', /refused the user name or the password/],
      ['a folder that is not there', { folder: 'Nowhere' }, 'folder', /There is no folder Nowhere\. There are: .*Done/],
    ])('says in words what is wrong: %s', async (_, { password, allowed, isTrusted, ...change }, step, words) => {
      const fields = imapFields(dovecot, user, { ...change, ...(change.port === 0 ? { port: dovecot.port } : {}) });
      const source = sources(allowed, isTrusted === false ? [] : undefined).make({
        ...fields,
        secrets: { password: password ?? 'secret' },
      });
      const done = (await source?.check(AbortSignal.timeout(20_000))) ?? [];
      expect(done.at(-1)).toMatchObject({ step, isOk: false, message: expect.stringMatching(words) });
      expect(JSON.stringify(done)).not.toContain('secret');
    });

    it('finds nothing wrong with a mailbox that works, with TLS and with STARTTLS', async () => {
      for (const change of [{}, { security: 'starttls' as const, port: dovecot.port }]) {
        const done = await sources()
          .make({ ...imapFields(dovecot, user, change), secrets: { password: 'secret' } })
          ?.check(AbortSignal.timeout(20_000));
        expect(done?.map(({ isOk, step }) => `${step} ${isOk}`)).toEqual([
          'address true',
          'connection true',
          'encryption true',
          'sign-in true',
          'folder true',
        ]);
      }
    });
  },
);
