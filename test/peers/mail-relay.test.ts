import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPeer } from '../../scripts/peer-list.ts';
import { SmtpListener } from '../../packages/core/src/entry/mail/smtp-listener.ts';
import { systemClock } from '../../packages/core/src/kernel/clock.ts';
import { Directory } from '../../packages/core/src/modules/directory/index.ts';
import {
  InboundQueries,
  MAX_MAIL_BYTES,
  TakeMail,
  type MailboxId,
} from '../../packages/core/src/modules/mail-inbox/index.ts';
import { SmtpTransport } from '../../packages/core/src/platform/mail/mail-transport.ts';
import { makeLogger } from '../../packages/core/src/platform/log.ts';
import { connectMailbox, numberedMail } from '../support/mailboxes.ts';
import { startMailRelay, type MailRelay } from '../support/mail-relay.ts';
import { freePort } from '../support/server-process.ts';
import { buildMsp, startTestApp, type TestApp } from '../support/test-app.ts';

const peer = findPeer('postfix');

describe.skipIf(peer.path === undefined)(
  `Postfix of the system${peer.path === undefined ? ` (${peer.reason})` : ''}`,
  () => {
    let app: TestApp;
    let relay: MailRelay;
    let owner: pg.Pool;
    let port: number;
    let listener: SmtpListener;
    let mailboxes: MailboxId[];
    beforeAll(async () => {
      app = await startTestApp();
      owner = new pg.Pool({ connectionString: app.database.urls.owner, max: 1 });
      port = await freePort();
      listener = makeListener();
      await listener.start();
      relay = await startMailRelay({ handTo: port });
      const fields = { settings: { kind: 'smtp' as const }, secrets: {}, trustedAuthservId: null };
      const more = { defaultClientId: null, defaultQueue: null };
      mailboxes = [];
      for (const name of ['first', 'second']) {
        const { mspId } = await buildMsp(app);
        mailboxes.push(
          await connectMailbox(app, mspId, { ...fields, ...more, name, address: `${name}@northgate.example` }),
        );
      }
    });
    afterAll(async () => {
      await relay?.[Symbol.asyncDispose]();
      await listener?.stop();
      await owner?.end();
      await app?.[Symbol.asyncDispose]();
    });

    function makeListener(relays: readonly string[] = ['127.0.0.1'], takeMail = app.container.resolve(TakeMail)) {
      return new SmtpListener({
        host: '127.0.0.1',
        port,
        relays,
        maxBytes: MAX_MAIL_BYTES,
        needs: {
          findRoute: (kind, address) => app.container.resolve(Directory).findRoute(kind, address),
          mailboxState: (scope, mailboxId) => app.container.resolve(InboundQueries).mailboxState(scope, mailboxId),
          takeMail: (scope, mail) => takeMail.run(scope, mail),
        },
        clock: systemClock,
        log: makeLogger('silent'),
      });
    }

    const send = (to: readonly string[], raw: Buffer, at = relay.port) =>
      new SmtpTransport({ url: `smtp://127.0.0.1:${at}` }).deliver({
        mspId: 'test',
        mailId: 'test',
        from: 'ann@hartley.example',
        to,
        raw,
      });
    async function kept(mailboxId: MailboxId | undefined): Promise<{ subject: string; envelope: { to: string[] } }[]> {
      const { rows } = await owner.query<{ subject: string; envelope: { to: string[] } }>(
        `select substring(convert_from(content, 'UTF8') from 'Subject: ([^\r\n]*)') as subject, envelope
           from mail_inbound join mail_inbound_raw r on r.mail_id = id where mailbox_id = $1 order by id`,
        [mailboxId],
      );
      return rows;
    }

    it('hands over a mail once for each mailbox that it is to, of two MSPs, with the tag of its recipient', async () => {
      await send(['First+token@Northgate.example', 'second@northgate.example'], numberedMail(1));
      await expect.poll(() => kept(mailboxes[0]), { timeout: 20_000 }).toHaveLength(1);
      await expect.poll(() => kept(mailboxes[1]), { timeout: 20_000 }).toHaveLength(1);
      expect(await kept(mailboxes[0])).toMatchObject([
        {
          subject: 'Mail 1',
          envelope: { from: 'ann@hartley.example', to: ['First+token@northgate.example'], relay: '127.0.0.1' },
        },
      ]);
      await expect.poll(() => relay.queued()).toBe(0);
    });

    it('keeps mails while nobody listens or nothing can be stored, and hands each over once when it can be', async () => {
      await listener.stop();
      for (let n = 10; n < 15; n += 1) await send(['second@northgate.example'], numberedMail(n));
      await expect.poll(() => relay.queued()).toBe(5);
      const failing = { run: () => Promise.reject(new Error('no database')) } as unknown as TakeMail;
      listener = makeListener(undefined, failing);
      await listener.start();
      relay.flush();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(relay.queued()).toBe(5);
      await listener.stop();
      listener = makeListener();
      await listener.start();
      relay.flush();
      await expect.poll(() => kept(mailboxes[1]), { timeout: 30_000 }).toHaveLength(6);
      await expect.poll(() => relay.queued(), { timeout: 10_000 }).toBe(0);
    });

    it('is refused, with the reason: a mail of 60 MB, 5,000 recipients, an unknown mailbox, and any other sender', async () => {
      const first = 'first@northgate.example';
      await expect(send([first], numberedMail(2, 'x'.repeat(60 * 1024 * 1024)), port)).rejects.toThrow(
        /552.*At most 50 MB/,
      );
      const many = Array.from({ length: 5000 }, (_, n) => `first+${n}@northgate.example`);
      await expect(send(many, numberedMail(3), port)).rejects.toThrow(/554.*At most 100 recipients/);
      expect(await kept(mailboxes[0])).toHaveLength(1);
      await expect(send(['nobody@northgate.example'], numberedMail(4), port)).rejects.toThrow(/550.*no such mailbox/);
      await listener.stop();
      listener = makeListener(['10.9.0.0/16']);
      await listener.start();
      await expect(send([first], numberedMail(5), port)).rejects.toThrow(/554.*from its relay only/);
    });
  },
);
