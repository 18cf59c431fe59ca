import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import type { MspId } from '#kernel/id';
import { ClockToken } from '#kernel/tokens';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { MailDelivery } from '#platform/mail/mail-delivery';
import { FolderTransport, SmtpTransport, type MailTransport } from '#platform/mail/mail-transport';
import { Mailer } from '#platform/mail/mailer';
import type { Mail } from '#platform/mail/mail';
import type { MailId } from '#platform/mail/mail-table';
import { ClearMail } from './clear-mail.ts';
import { MailQueries } from './mail-queries.ts';
import { RetryMail } from './retry-mail.ts';

let app: TestApp;
let mspId: MspId;
let folder: string;
beforeAll(async () => {
  app = await startTestApp();
  ({ mspId } = await buildMsp(app));
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-mail-'));
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const mail: Mail = {
  clientId: null,
  purpose: 'test.mail',
  to: [{ address: 'jo@hartley.example', name: 'Jo Hartley' }],
  fromName: 'Northgate IT',
  subject: 'Your invoice – 10 £',
  text: 'Hello Jo',
};

function send(change: Partial<Mail> = {}): Promise<{ mailId: MailId; messageId: string }> {
  return app.container
    .resolve(ScopedDb)
    .transaction(systemScope(mspId), (tx) => app.container.resolve(Mailer).send(tx, { ...mail, ...change }));
}

function delivery(transport: MailTransport): MailDelivery {
  return new MailDelivery({
    db: app.container.resolve(ScopedDb),
    jobs: app.container.resolve(JobQueue),
    clock: app.container.resolve(ClockToken),
    live: app.container.resolve(LiveHub),
    transport,
    from: 'support@northgate.example',
  });
}

/** A mail server that answers as it is told and keeps what it took. */
async function mailServer(answer: (line: string, messages: string[]) => string | null) {
  const messages: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let isData = false;
    let text = '';
    socket.write('220 test\r\n');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (;;) {
        const end = isData ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n');
        if (end === -1) return;
        const line = text.slice(0, end);
        text = text.slice(end + (isData ? 5 : 2));
        if (isData) {
          isData = false;
          messages.push(line);
          socket.write('250 taken\r\n');
        } else {
          const reply = answer(line, messages) ?? (line === 'DATA' ? '354 go on' : '250 ok');
          isData = reply.startsWith('354');
          socket.write(`${reply}\r\n`);
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    messages,
    transport: new SmtpTransport({ url: `smtp://127.0.0.1:${port}` }),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const read = (mailId: MailId) => app.container.resolve(MailQueries).get(staffScope(mspId), mailId);

describe('Mailer', () => {
  it.each<[string, Partial<Mail>, (string | number)[]]>([
    ['a line break in the subject', { subject: 'Hi\r\nBcc: all@evil.example' }, ['subject']],
    ['a line break in a name', { to: [{ address: 'a@b.example', name: 'x\nBcc: e@e.example' }] }, ['to', 0, 'name']],
    ['a line break in our name', { fromName: 'x\r\nX: y' }, ['fromName']],
    ['two addresses in one', { to: [{ address: 'a@b.example, c@d.example' }] }, ['to', 0, 'address']],
    [
      'an address with a line break',
      { to: [{ address: 'a@b.example\r\nRCPT TO:<e@e.example>' }] },
      ['to', 0, 'address'],
    ],
    ['an address with a name', { to: [{ address: 'Jo <a@b.example>' }] }, ['to', 0, 'address']],
    ['nobody', { to: [] }, ['to']],
    ['a mailing', { to: Array.from({ length: 51 }, (_, n) => ({ address: `a${n}@b.example` })) }, ['to']],
    ['an answer to no address', { replyTo: 'nobody' }, ['replyTo']],
    ['a NUL', { text: 'a\0b' }, ['text']],
    ['an unpaired surrogate', { text: 'a\ud800b' }, ['text']],
    ['a forged thread', { inReplyTo: '<a@b>\r\nX: y' }, ['inReplyTo']],
    [
      'an attachment whose name is a header',
      { attachments: [{ fileName: 'a"\r\nX: y', contentType: 'text/plain', content: new Uint8Array(1) }] },
      ['attachments', 0, 'fileName'],
    ],
    [
      'an attachment without a media type',
      { attachments: [{ fileName: 'a', contentType: 'nonsense', content: new Uint8Array(1) }] },
      ['attachments', 0, 'contentType'],
    ],
    [
      'too much',
      { attachments: [{ fileName: 'a', contentType: 'text/plain', content: new Uint8Array(16 * 1024 * 1024) }] },
      ['attachments'],
    ],
  ])('refuses %s and names the field', async (_, change, path) => {
    await expect(send(change)).rejects.toMatchObject({ code: 'mail.refused', fields: [{ path }] });
  });

  it('sends nothing when the caller rolls back', async () => {
    const before = (await app.container.resolve(MailQueries).list(staffScope(mspId), { limit: 200 })).items.length;
    await expect(
      app.container.resolve(ScopedDb).transaction(systemScope(mspId), async (tx) => {
        await app.container.resolve(Mailer).send(tx, mail);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect((await app.container.resolve(MailQueries).list(staffScope(mspId), { limit: 200 })).items).toHaveLength(
      before,
    );
  });
});

describe('MailDelivery', () => {
  it('writes an .eml file where no mail server is set, also when run twice', async () => {
    const { mailId, messageId } = await send({
      attachments: [{ fileName: '../../x.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') }],
    });
    const toFolder = delivery(new FolderTransport({ folder }));
    await toFolder.run(systemScope(mspId), mailId);
    await toFolder.run(systemScope(mspId), mailId);
    expect(await readdir(join(folder, mspId))).toContain(`${mailId}.eml`);
    const text = await readFile(join(folder, mspId, `${mailId}.eml`), 'utf8');
    expect(text).toContain(`Message-ID: ${messageId}`);
    expect(text).toContain('To: Jo Hartley <jo@hartley.example>');
    expect(await read(mailId)).toMatchObject({ state: 'sent', attempts: 1, deliveredBy: 'folder', text: 'Hello Jo' });
  });

  it('delivers once to a server when ten workers try together', async () => {
    await using server = await mailServer(() => null);
    const { mailId } = await send();
    const bySmtp = delivery(server.transport);
    await Promise.all(Array.from({ length: 10 }, () => bySmtp.run(systemScope(mspId), mailId)));
    expect(server.messages).toHaveLength(1);
    expect(await read(mailId)).toMatchObject({ state: 'sent', deliveredBy: 'smtp' });
  });

  it('tries again after a passing refusal, with the same Message-ID, and says why it waits', async () => {
    let isBusy = true;
    await using server = await mailServer((line) => (isBusy && line.startsWith('RCPT') ? '451 try later' : null));
    const { mailId, messageId } = await send();
    const bySmtp = delivery(server.transport);
    await bySmtp.run(systemScope(mspId), mailId);
    expect(await read(mailId)).toMatchObject({
      state: 'queued',
      attempts: 1,
      lastError: expect.stringContaining('451'),
    });
    isBusy = false;
    await bySmtp.run(systemScope(mspId), mailId);
    expect(await read(mailId)).toMatchObject({ state: 'sent', attempts: 2, lastError: null });
    expect(server.messages[0]).toContain(messageId);
  });

  it('gives up at once on a lasting refusal, and sends again when asked to', async () => {
    let isRefusing = true;
    await using server = await mailServer((line) =>
      isRefusing && line.startsWith('RCPT') ? '550 no such user' : null,
    );
    const { mailId } = await send();
    const bySmtp = delivery(server.transport);
    await bySmtp.run(systemScope(mspId), mailId);
    expect(await read(mailId)).toMatchObject({ state: 'failed', lastError: expect.stringContaining('550') });
    isRefusing = false;
    await app.container.resolve(RetryMail).run(staffScope(mspId), { mailId });
    await bySmtp.run(systemScope(mspId), mailId);
    expect(await read(mailId)).toMatchObject({ state: 'sent' });
    await expect(app.container.resolve(RetryMail).run(staffScope(mspId), { mailId })).rejects.toMatchObject({
      code: 'outbox.mail-not-failed',
    });
  });

  it('gives up after two days of an unreachable server', async () => {
    const { mailId } = await send();
    const nowhere = delivery(new SmtpTransport({ url: 'smtp://127.0.0.1:1' }));
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await nowhere.run(systemScope(mspId), mailId);
      expect(await read(mailId)).toMatchObject({ state: 'queued', attempts: attempt });
    }
    await nowhere.run(systemScope(mspId), mailId);
    expect(await read(mailId)).toMatchObject({ state: 'failed', attempts: 9 });
  });

  it('takes over a mail whose worker died, only after its lease', async () => {
    await using server = await mailServer(() => null);
    const { mailId } = await send();
    const died: MailTransport = { kind: 'smtp', deliver: () => new Promise(() => {}) };
    void delivery(died).run(systemScope(mspId), mailId);
    await expect.poll(async () => (await read(mailId)).attempts).toBe(1);
    await delivery(server.transport).run(systemScope(mspId), mailId);
    expect(server.messages).toHaveLength(0);
    app.clock.advance({ minutes: 4 });
    await delivery(server.transport).run(systemScope(mspId), mailId);
    expect(server.messages).toHaveLength(1);
  });

  it('finds mails whose job was lost', async () => {
    await send();
    app.clock.advance({ minutes: 11 });
    expect(await delivery(new FolderTransport({ folder })).requeueForgotten(systemScope(mspId))).toBeGreaterThan(0);
  });
});

describe('MailQueries', () => {
  it('shows a sign-in mail to administrators only, and to nobody once it went to a server or is a day old', async () => {
    const queries = app.container.resolve(MailQueries);
    const { mailId } = await send({ isSecret: true, text: 'https://portal/enter#secret' });
    const billing = staffScope(mspId, { kind: 'all' }, new Set(['outbox.read-mail']));
    expect(await queries.get(billing, mailId)).toMatchObject({ text: null, withheld: 'sign-in' });
    await expect(queries.download(billing, mailId)).rejects.toMatchObject({ code: 'outbox.mail-withheld' });
    expect(await read(mailId)).toMatchObject({ text: 'https://portal/enter#secret' });
    await using server = await mailServer(() => null);
    await delivery(server.transport).run(systemScope(mspId), mailId);
    expect(await read(mailId)).toMatchObject({ text: null, withheld: 'erased' });

    const inFolder = await send({ isSecret: true });
    await delivery(new FolderTransport({ folder })).run(systemScope(mspId), inFolder.mailId);
    expect((await read(inFolder.mailId)).text).not.toBeNull();
    app.clock.advance({ hours: 25 });
    await app.container.resolve(ClearMail).run(systemScope(mspId));
    expect(await read(inFolder.mailId)).toMatchObject({ text: null, withheld: 'erased' });
  });

  it('shows contacts and other MSPs nothing', async () => {
    const { clientIds } = await buildMsp(app, { clients: 1 });
    const { mailId } = await send();
    const queries = app.container.resolve(MailQueries);
    const other = await buildMsp(app);
    for (const scope of [contactScope(mspId, clientIds[0]!), staffScope(other.mspId)]) {
      await expect(queries.get(scope, mailId)).rejects.toMatchObject({ code: 'outbox.mail-not-found' });
      expect((await queries.list(scope, { limit: 10 })).items).toEqual([]);
    }
  });
});
