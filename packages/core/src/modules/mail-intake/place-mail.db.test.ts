import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addContact,
  addSmtpMailbox,
  deliver,
  fateOfMail,
  illustratedMail,
  rawMail,
  replyToken,
} from '../../../../../test/support/inbound-mail.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '../../kernel/id.ts';
import type { InboundMailId, MailboxId } from '../mail-inbox/mail-inbox-table.ts';
import { CommentOnTicket } from '../tickets/comment-on-ticket.ts';
import { TicketQueries } from '../tickets/ticket-queries.ts';
import { FileQueries } from '../files/file-queries.ts';
import type { TicketId } from '../tickets/ticket-table.ts';

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
let mailboxId: MailboxId;
let support: string;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  const built = await buildMsp(app, { clients: 2 });
  mspId = built.mspId;
  [first, second] = built.clientIds as [ClientId, ClientId];
  ({ mailboxId, address: support } = await addSmtpMailbox(app, mspId, { trustedAuthservId: 'mx.msp.example' }));
  await addContact(app, mspId, first, 'jo@hartley.example');
  await addContact(app, mspId, second, 'kim@other.example', 'Kim');
});

let count = 0;
function mail(fields: Record<string, string> = {}, body = 'It smokes.'): Buffer {
  const headers = {
    From: 'Jo Hartley <jo@hartley.example>',
    To: support,
    Subject: 'Printer on fire',
    'Message-ID': `<${(count += 1)}@hartley.example>`,
    Date: 'Fri, 20 Nov 2026 08:59:00 +0000',
    ...fields,
  };
  return rawMail(
    Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    body,
  );
}
const come = (...raws: Buffer[]) => deliver(app, { mspId, mailboxId }, ...raws);

const fate = (id: InboundMailId | undefined) => fateOfMail(app.admin, id);
const fateOf = async (raw: Buffer) => fate((await come(raw))[0]);

async function tickets() {
  const { items } = await app.container
    .resolve(TicketQueries)
    .list(staffScope(mspId), { tab: 'all', sort: 'opened', limit: 50 } as never);
  return items;
}
async function onlyTicket() {
  const [ticket, another] = await tickets();
  if (ticket === undefined || another !== undefined) throw new Error('one ticket was expected');
  return app.container.resolve(TicketQueries).get(staffScope(mspId), ticket.id as TicketId);
}
const tokenOf = (ticket: { id: string; number: number }) => replyToken(app, mspId, ticket);

describe('a mail that begins something', () => {
  it('becomes a ticket in its sender’s name, with what it quotes folded away', async () => {
    expect(await fateOf(mail({}, 'It smokes.\n\n-- \nJo\n\n> old words'))).toMatchObject({ state: 'placed' });
    const ticket = await onlyTicket();
    expect(ticket).toMatchObject({
      subject: 'Printer on fire',
      source: 'mail',
      clientId: first,
      contactName: 'Jo Hartley',
      isReplyAwaited: true,
    });
    expect(ticket.comments).toMatchObject([
      {
        body: 'It smokes.',
        authorKind: 'contact',
        authorName: 'Jo Hartley',
        visibility: 'public',
        foldedText: '-- \nJo\n\n> old words',
      },
    ]);
  });

  it('becomes one message on one ticket, however often it comes', async () => {
    const once = mail();
    const again = Buffer.concat([Buffer.from('Received: from elsewhere\r\n'), once]);
    const [, copy] = await come(once, again);
    expect(await fate(copy)).toMatchObject({
      state: 'ignored',
      reason: expect.stringContaining('came before') as string,
    });
    await onlyTicket();
  });

  it('is two messages where only the Message-ID is the same', async () => {
    await come(mail({ 'Message-ID': '<same@x>' }), mail({ 'Message-ID': '<same@x>' }, 'Something else.'));
    expect(await tickets()).toHaveLength(2);
  });

  it('brings its files, and shows its images within the text', async () => {
    await come(illustratedMail(support));
    const [comment] = (await onlyTicket()).comments;
    expect(comment?.attachments.map(({ fileName }) => fileName)).toEqual(['shot.png', 'invite.ics']);
    const shot = comment?.attachments[0];
    expect(comment?.html).toContain(`src="attachment:${shot?.fileId}"`);
    const file = await app.container.resolve(FileQueries).get(staffScope(mspId), shot?.fileId as never);
    expect(file).toMatchObject({ contentType: 'image/png', sizeBytes: 16 });
  });

  it('keeps an archive as it came, whatever it would unpack to', async () => {
    const bomb = 'UEsDBBQAAAAIAAAAIQAAAAAA//////////8AAAAAYm9tYi5iaW4=';
    await come(
      rawMail(
        [
          'From: jo@hartley.example',
          `To: ${support}`,
          'Subject: Zip',
          'Message-ID: <zip@x>',
          'Content-Type: multipart/mixed; boundary=b',
        ],
        `--b\nContent-Type: text/plain\n\nSee inside.\n--b\nContent-Type: image/png; name="../photo.zip"\nContent-Transfer-Encoding: base64\n\n${bomb}\n--b--`,
      ),
    );
    const [file] = (await onlyTicket()).comments[0]?.attachments ?? [];
    expect(file).toMatchObject({ fileName: 'photo.zip', sizeBytes: Buffer.from(bomb, 'base64').length });
    const stored = await app.container.resolve(FileQueries).get(staffScope(mspId), file?.fileId as never);
    expect(stored.contentType).toBe('application/zip');
  });

  it('makes a contact of somebody at a client’s domain, and asks about a stranger and about somebody of two clients', async () => {
    await app.admin.query(`update client set email_domains = '{hartley.example}' where id = $1`, [first]);
    expect(await fateOf(mail({ From: 'New <new@hartley.example>' }))).toMatchObject({ state: 'placed' });
    expect(await onlyTicket()).toMatchObject({ contactName: 'New', clientId: first });
    await app.admin.query(`update contact set is_active = false where msp_id = $1 and email = 'new@hartley.example'`, [
      mspId,
    ]);
    expect(await fateOf(mail({ From: 'New <new@hartley.example>' }))).toMatchObject({ code: 'unknown-sender' });
    expect(await fateOf(mail({ From: 'x@stranger.example' }))).toMatchObject({
      state: 'quarantined',
      code: 'unknown-sender',
    });
    await addContact(app, mspId, second, 'jo@hartley.example');
    expect(await fateOf(mail())).toMatchObject({ state: 'quarantined', code: 'several-clients' });
  });

  it('is nobody’s words where the mailbox’s server says that the sender is another', async () => {
    const forged = 'mx.msp.example; dmarc=pass';
    const failed = mail({ 'Authentication-Results': 'mx.msp.example; spf=fail smtp.mailfrom=evil.example; dkim=none' });
    const both = Buffer.concat([
      failed.subarray(0, failed.indexOf('\r\n\r\n')),
      Buffer.from(`\r\nAuthentication-Results: ${forged}\r\n\r\nhello`),
    ]);
    expect(await fateOf(failed)).toMatchObject({ code: 'spoofed' });
    expect(await fateOf(both)).toMatchObject({ code: 'spoofed' });
    expect(await tickets()).toEqual([]);
    expect(await fateOf(mail({ 'Authentication-Results': forged }))).toMatchObject({ state: 'placed' });
  });

  it('keeps a subject of 100 kB short and a date of 2099 out, and lists of 5,000 recipients only the first', async () => {
    const many = Array.from({ length: 5000 }, (_, at) => `p${at}@hartley.example`).join(',\r\n ');
    await come(mail({ Subject: 'x'.repeat(100_000), Date: 'Thu, 1 Jan 2099 00:00:00 +0000', Cc: many }));
    const ticket = await onlyTicket();
    expect(ticket.subject).toHaveLength(200);
    expect(ticket.openedAt).toBe(app.clock.now().toString());
    const { rows } = await app.admin.query<{ watchers: number; warnings: string[] }>(
      `select (select count(*)::int from mail_watcher where ticket_id = m.ticket_id) as watchers, warnings from mail_message m where ticket_id = $1`,
      [ticket.id],
    );
    expect(rows[0]?.watchers).toBe(40);
    expect(rows[0]?.warnings.join(' ')).toContain('first 40 of them');
  });

  it('lets contacts of the same client in Cc read along, and only lists others', async () => {
    await addContact(app, mspId, first, 'ann@hartley.example', 'Ann');
    await come(mail({ Cc: `Ann <ann@hartley.example>, kim@other.example, ${support}` }));
    const { rows } = await app.admin.query(
      'select address, is_mailed from mail_watcher where msp_id = $1 order by address',
      [mspId],
    );
    expect(rows).toEqual([
      { address: 'ann@hartley.example', is_mailed: true },
      { address: 'kim@other.example', is_mailed: false },
    ]);
  });
});

describe('a mail that goes on with something', () => {
  async function opened() {
    await come(mail({ 'Message-ID': '<first@hartley.example>' }));
    return onlyTicket();
  }

  it('is put on its ticket by token, by In-Reply-To, by References and by tag', async () => {
    const ticket = await opened();
    const tagged = support.replace('@', `+${tokenOf(ticket)}@`);
    await come(
      mail({ To: tagged, Subject: 'anything' }, 'By token'),
      mail({ 'In-Reply-To': `<abc.${tokenOf(ticket)}@msp.example>` }, 'By token in an id'),
      mail({ 'In-Reply-To': '<first@hartley.example>' }, 'By id'),
      mail({ References: '<unknown@x> <first@hartley.example>' }, 'By thread'),
      mail({ Subject: `Re: [T-${ticket.number}] Printer` }, 'By tag'),
    );
    expect((await onlyTicket()).comments.map(({ body }) => body)).toEqual([
      'It smokes.',
      'By token',
      'By token in an id',
      'By id',
      'By thread',
      'By tag',
    ]);
  });

  it('is not put there for a contact of another client, whatever it claims', async () => {
    const ticket = await opened();
    const From = 'Kim <kim@other.example>';
    for (const claim of [
      { To: support.replace('@', `+${tokenOf(ticket)}@`) },
      { To: support.replace('@', `+t${ticket.number}-aaaaaaaaaaaaaaaaaaaa@`) },
      { 'In-Reply-To': '<first@hartley.example>' },
      { Subject: `[T-${ticket.number}] hello` },
    ])
      expect(await fateOf(mail({ From, ...claim }))).toMatchObject({ state: 'quarantined', code: 'other-client' });
    expect(await fateOf(mail({ From: 'x@stranger.example', 'In-Reply-To': '<first@hartley.example>' }))).toMatchObject({
      code: 'unknown-sender',
    });
    expect((await onlyTicket()).comments).toHaveLength(1);
  });

  it('notes what a program answers, and reopens nothing', async () => {
    const ticket = await opened();
    const staff = staffScope(mspId);
    await app.container
      .resolve(CommentOnTicket)
      .reply(staff, { ticketId: ticket.id as TicketId, body: 'Done.', fileIds: [], status: 'resolved' });
    await come(
      mail(
        {
          'In-Reply-To': '<first@hartley.example>',
          'Auto-Submitted': 'auto-replied',
          Subject: 'Automatic reply: Printer',
        },
        'I am away.',
      ),
    );
    const after = await onlyTicket();
    expect(after).toMatchObject({ status: 'resolved', isReplyAwaited: false });
    expect(after.comments.at(-1)).toMatchObject({ visibility: 'internal', authorKind: 'system' });
    expect(await fateOf(mail({ 'Auto-Submitted': 'auto-replied' }, 'Away, about nothing.'))).toMatchObject({
      state: 'ignored',
    });
    await come(mail({ 'In-Reply-To': '<first@hartley.example>' }, 'Still burning.'));
    expect(await onlyTicket()).toMatchObject({ status: 'in-progress', isReplyAwaited: true });
  });

  it('stops taking a loop for words', async () => {
    await opened();
    const loop = Array.from({ length: 35 }, (_, at) =>
      mail({ 'In-Reply-To': '<first@hartley.example>' }, `Loop ${at}`),
    );
    await come(...loop);
    const { comments } = await onlyTicket();
    expect(comments).toHaveLength(36);
    expect(comments.filter(({ visibility }) => visibility === 'internal')).toHaveLength(6);
  });
});
