import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addContact, addSmtpMailbox, deliver, rawMail } from '../../../../../test/support/inbound-mail.ts';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '../../kernel/id.ts';
import type { TenantScope } from '../../kernel/tenant-scope.ts';
import type { MailId } from '../../platform/mail/mail-table.ts';
import { readMailContent } from '../../platform/mail-reader/mail-content.ts';
import { readMail } from '../../platform/mail-reader/read-mail.ts';
import type { MailboxId } from '../mail-inbox/mail-inbox-table.ts';
import { UploadFile } from '../files/upload-file.ts';
import { MailQueries } from '../outbox/mail-queries.ts';
import { CommentOnTicket } from '../tickets/comment-on-ticket.ts';
import { TicketQueries } from '../tickets/ticket-queries.ts';
import { UpdateTicket } from '../tickets/update-ticket.ts';
import type { TicketId } from '../tickets/ticket-table.ts';
import { ChooseWatchers } from './choose-watchers.ts';
import { SendTicketMail } from './send-ticket-mail.ts';
import { TicketMailQueries } from './ticket-mail-queries.ts';

let app: TestApp;
let mspId: MspId;
let clientId: ClientId;
let mailboxId: MailboxId;
let support: string;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  const built = await buildMsp(app, { clients: 1 });
  mspId = built.mspId;
  [clientId] = built.clientIds as [ClientId];
  ({ mailboxId, address: support } = await addSmtpMailbox(app, mspId));
  await addContact(app, mspId, clientId, 'jo@hartley.example');
});

async function open(headers: string[] = []): Promise<TicketId> {
  const own = [
    'From: Jo <jo@hartley.example>',
    `To: ${support}`,
    'Subject: Printer on fire',
    `Message-ID: <first-${mspId}@hartley.example>`,
  ];
  await deliver(app, { mspId, mailboxId }, rawMail([...own, ...headers], 'It smokes.'));
  const { rows } = await app.admin.query<{ id: TicketId }>(
    'select id from ticket where msp_id = $1 order by id desc limit 1',
    [mspId],
  );
  const ticketId = rows[0]?.id;
  if (ticketId === undefined) throw new Error('no ticket');
  await app.container.resolve(SendTicketMail).opened(systemScope(mspId), { ticketId });
  return ticketId;
}

async function reply(ticketId: TicketId, body = 'Is it out?', status?: 'resolved') {
  const input = { ticketId, body, fileIds: [], ...(status === undefined ? {} : { status }) };
  const { commentId } = await app.container.resolve(CommentOnTicket).reply(staffScope(mspId), input);
  await app.container.resolve(SendTicketMail).replied(systemScope(mspId), { ticketId, commentId });
  return commentId;
}

/** A PNG of one point. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function upload(scope: TenantScope, fileName: string, content: string | Buffer) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(Buffer.from(content));
      controller.close();
    },
  });
  const file = { fileName, contentType: 'application/octet-stream', body };
  return (await app.container.resolve(UploadFile).run(scope, { clientId, visibility: 'internal' }, file)).id;
}

/** The HTML of a mail as it travels, its transfer encoding taken off. */
function htmlPartOf(raw: string): string {
  const part = raw.slice(raw.indexOf('Content-Type: text/html'));
  const body = part.slice(part.indexOf('\r\n\r\n') + 4, part.indexOf('\r\n--'));
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** What was mailed, as its readers get it. */
async function sent() {
  const mails = app.container.resolve(MailQueries);
  const { items } = await mails.list(staffScope(mspId), { limit: 50 });
  const raws = await Promise.all(
    items.map(async ({ id }) => (await mails.download(staffScope(mspId), id as MailId)).body),
  );
  return Promise.all(
    raws.toReversed().map(async (body) => {
      const raw = Buffer.from(await new Response(body).arrayBuffer());
      return { raw, text: raw.toString('utf8'), reading: readMail(raw, app.clock.now()) };
    }),
  );
}

describe('SendTicketMail', () => {
  it('answers in the thread, in a way that an answer finds back, each thing once', async () => {
    const ticketId = await open();
    const commentId = await reply(ticketId);
    await app.container.resolve(SendTicketMail).replied(systemScope(mspId), { ticketId, commentId });
    const [acknowledgement, answer, another] = await sent();
    expect(another).toBeUndefined();
    expect(acknowledgement?.text).toContain('Auto-Submitted: auto-replied');
    expect(answer?.text).not.toContain('Auto-Submitted');
    expect(answer?.reading).toMatchObject({
      from: { address: support },
      to: [{ address: 'jo@hartley.example', name: 'Jo Hartley' }],
      subject: 'Re: [T-1] Printer on fire',
      threadKeys: { inReplyTo: `<first-${mspId}@hartley.example>` },
    });
    expect(answer?.reading.text).toContain('> It smokes.');
    expect(answer?.reading.replyTo?.address).toMatch(/^support\+t1-[a-z2-7]{20}@/);
    const back = (To: string, extra: string) =>
      rawMail(['From: jo@hartley.example', `To: ${To}`, `Message-ID: <${extra}@x>`, 'Subject: x'], extra);
    await deliver(app, { mspId, mailboxId }, back(answer?.reading.replyTo?.address ?? '', 'By address'));
    const ticket = await app.container.resolve(TicketQueries).get(staffScope(mspId), ticketId);
    expect(ticket.comments.map(({ body }) => body)).toEqual(['It smokes.', 'Is it out?', 'By address']);
    expect(await app.container.resolve(TicketMailQueries).get(staffScope(mspId), ticketId)).toMatchObject({
      mails: [
        { direction: 'in', kind: 'message' },
        { direction: 'out', kind: 'acknowledgement', delivery: { state: 'queued' } },
        { direction: 'out', kind: 'reply', commentId, delivery: { state: 'queued', to: ['jo@hartley.example'] } },
        { direction: 'in' },
      ],
    });
  });

  it('sends nothing to a program that asked, but to a person that another ticket is resolved', async () => {
    await open(['Auto-Submitted: auto-generated']);
    expect(await sent()).toEqual([]);
    const { rows } = await app.admin.query<{ id: TicketId }>('select id from ticket where msp_id = $1', [mspId]);
    await reply(rows[0]?.id as TicketId);
    expect(await sent()).toEqual([]);
  });

  it('tells that a ticket is resolved, once, and not beside a reply that says so', async () => {
    const ticketId = await open();
    const scope = staffScope(mspId);
    const { version } = await app.container.resolve(TicketQueries).get(scope, ticketId);
    const after = await app.container.resolve(UpdateTicket).run(scope, { ticketId, version, status: 'resolved' });
    await app.container.resolve(SendTicketMail).changed(systemScope(mspId), { ticketId, version: after.version });
    expect((await sent()).map(({ reading }) => reading.text.split('\n')[0])).toEqual([
      expect.stringContaining('opened T-1'),
      'T-1 is resolved: Printer on fire',
    ]);
    await app.container.resolve(UpdateTicket).run(scope, { ticketId, version: after.version, status: 'in-progress' });
    await reply(ticketId, 'Done.', 'resolved');
    const { version: last } = await app.container.resolve(TicketQueries).get(scope, ticketId);
    await app.container.resolve(SendTicketMail).changed(systemScope(mspId), { ticketId, version: last });
    expect(await sent()).toHaveLength(3);
  });

  it('copies watchers whom staff chose, until they are taken off', async () => {
    const ticketId = await open(['Cc: vendor@vendor.example']);
    const watchers = app.container.resolve(ChooseWatchers);
    await reply(ticketId, 'One');
    await watchers.add(staffScope(mspId), { ticketId, address: 'vendor@vendor.example' });
    await reply(ticketId, 'Two');
    await watchers.remove(staffScope(mspId), { ticketId, address: 'vendor@vendor.example' });
    await reply(ticketId, 'Three');
    expect((await sent()).slice(1).map(({ reading }) => reading.cc.map(({ address }) => address))).toEqual([
      [],
      ['vendor@vendor.example'],
      [],
    ]);
  });

  it('notes a bounce on its ticket, and mails the address no more until it writes', async () => {
    const ticketId = await open();
    await reply(ticketId);
    const [, answer] = await sent();
    const bounce = rawMail(
      [
        'From: MAILER-DAEMON@mx.example',
        `To: ${support}`,
        'Subject: Undelivered',
        'Message-ID: <b@mx>',
        'Return-Path: <>',
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      ],
      `--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; jo@hartley.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: ${answer?.reading.messageId}\n\n--b--`,
    );
    await deliver(app, { mspId, mailboxId }, bounce);
    const after = await app.container.resolve(TicketQueries).get(staffScope(mspId), ticketId);
    expect(after.comments.at(-1)).toMatchObject({ visibility: 'internal', authorKind: 'system' });
    expect(after.comments.at(-1)?.body).toContain('did not reach jo@hartley.example: 5.1.1');
    expect(
      (await app.container.resolve(TicketMailQueries).get(staffScope(mspId), ticketId)).undeliverable,
    ).toMatchObject([{ address: 'jo@hartley.example' }]);
    const { mails } = await app.container.resolve(TicketMailQueries).get(staffScope(mspId), ticketId);
    expect(mails.find(({ kind }) => kind === 'reply')?.warnings.join(' ')).toContain('550 no such user');
    await reply(ticketId, 'Anybody?');
    expect(await sent()).toHaveLength(2);
    const raw = rawMail(
      ['From: jo@hartley.example', `To: ${support}`, 'Message-ID: <again@x>', 'Subject: [T-1] back'],
      'Here again.',
    );
    await deliver(app, { mspId, mailboxId }, raw);
    await reply(ticketId, 'Good.');
    expect(await sent()).toHaveLength(3);
  });

  it('carries images within the text, files beside it, and nothing that only the desk understands', async () => {
    const ticketId = await open();
    const scope = staffScope(mspId);
    const image = Buffer.from(PIXEL, 'base64');
    const [shot, drawing, log] = [
      await upload(scope, 'shot.png', image),
      await upload(scope, 'drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'),
      await upload(scope, 'router.log', 'line 1\nline 2'),
    ];
    const colleague = '01a7a3f5-0000-7000-8000-000000000001';
    const html = [
      `<p><span data-mention="${colleague}">@Ann Lee</span>, see <img src="attachment:${shot}" alt="the port">`,
      `<img src="attachment:${drawing}" alt="a drawing"> <img src="data:image/png;base64,${PIXEL}" alt="pasted">`,
      `<img src="attachment:${colleague}" alt="somebody else’s"> <code class="language-sh">ls</code></p>`,
    ].join('');
    const input = { ticketId, html, fileIds: [shot, drawing, log] };
    const { commentId } = await app.container.resolve(CommentOnTicket).reply(scope, input);
    await app.container.resolve(SendTicketMail).replied(systemScope(mspId), { ticketId, commentId });
    const answer = (await sent()).at(-1);
    const { files } = readMailContent(answer?.raw ?? Buffer.alloc(0), app.clock.now());
    expect(answer?.reading.attachments.map(({ name, type, inline }) => ({ name, type, inline }))).toEqual([
      { name: 'shot.png', type: 'image/png', inline: true },
      { name: 'image-1.png', type: 'image/png', inline: true },
      { name: 'drawing.svg', type: expect.any(String), inline: false },
      { name: 'router.log', type: expect.any(String), inline: false },
    ]);
    const contentIds = answer?.reading.attachments.flatMap(({ contentId }) => contentId ?? []) ?? [];
    expect([...(answer?.reading.html?.matchAll(/ src="cid:([^"]+)"/g) ?? [])].map((match) => match[1])).toEqual(
      contentIds,
    );
    expect(files.slice(0, 2).map((file) => Buffer.from(file.open()))).toEqual([image, image]);
    const letter = htmlPartOf(answer?.text ?? '');
    expect(letter).toContain('Ann Lee');
    expect(letter).toContain('[somebody else’s]');
    expect(letter).not.toMatch(/data-mention|attachment:|class=|data:image/);
    expect(answer?.text).not.toContain(colleague);
  });

  it('takes an image once more that an earlier reply brought, as a draft does that outlived its reply', async () => {
    const ticketId = await open();
    const scope = staffScope(mspId);
    const shot = await upload(scope, 'shot.png', Buffer.from(PIXEL, 'base64'));
    const input = { ticketId, html: `<p>See <img src="attachment:${shot}" alt="the port"></p>`, fileIds: [shot] };
    for (let times = 0; times < 2; times += 1) {
      const { commentId } = await app.container.resolve(CommentOnTicket).reply(scope, input);
      await app.container.resolve(SendTicketMail).replied(systemScope(mspId), { ticketId, commentId });
    }
    const attached = (await sent()).slice(-2).map(({ reading }) => reading.attachments);
    expect(attached).toMatchObject([[{ name: 'shot.png', inline: true }], [{ name: 'shot.png', inline: true }]]);
  });

  it('ignores its own mail when it comes back', async () => {
    const ticketId = await open();
    await reply(ticketId);
    const [, answer] = await sent();
    const [mailId] = await deliver(app, { mspId, mailboxId }, answer?.raw ?? Buffer.alloc(0));
    const { rows } = await app.admin.query('select state, reason from mail_inbound where id = $1', [mailId]);
    expect(rows).toEqual([{ state: 'ignored', reason: 'It is a mail of ours that came back to us.' }]);
  });
});
