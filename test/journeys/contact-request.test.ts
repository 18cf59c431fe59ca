import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { command, query } from '../support/call-api.ts';
import { setUpServer } from '../support/first-administrator.ts';
import { handOver, startMailServer, type MailServer } from '../support/mail-server.ts';
import { freePort, removeFolder, scratchFolder, startServerProcess } from '../support/server-process.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { openContext, savePicture, watchPage } from '../support/web-page.ts';

const OURS = 'help@northgate.example';
const THEIRS = 'jo@hartley.example';
const SUBJECT = 'A laptop for our new colleague';

interface Ticket {
  readonly id: string;
  readonly number: number;
  readonly version: number;
  readonly status: string;
  readonly comments: readonly { readonly body: string; readonly authorName: string; readonly visibility: string }[];
}

describe('a contact’s request, from asking to rating', () => {
  const dataDir = scratchFolder();
  let mails: MailServer;
  let server: ServerProcess;
  let browser: Browser;
  let analyst: Page;
  let contact: Page;
  let listenPort: number;
  let ticketId: string;
  const complaints: (readonly string[])[] = [];

  beforeAll(async () => {
    mails = await startMailServer();
    listenPort = await freePort();
    server = await startServerProcess({
      dataDir,
      environment: {
        BAILIWICK_LOCAL_AGENT: 'off',
        SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
        SMTP_FROM: `Northgate IT <${OURS}>`,
        SMTP_LISTEN_PORT: String(listenPort),
      },
    });
    browser = await launchBrowser();
    analyst = await (await openContext(browser)).newPage();
    contact = await (await openContext(browser)).newPage();
    complaints.push(watchPage(analyst), watchPage(contact));
    await setUpServer(analyst, server);
    await prepareDesk(analyst);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await mails?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  const ticket = (): Promise<Ticket> => query<Ticket>(analyst, 'tickets.getTicket', { ticketId });
  const lastWords = async (): Promise<string> => (await ticket()).comments.at(-1)?.body ?? '';

  it('asks by a form in the portal', async () => {
    await contact.goto(`${server.url}/portal/sign-in`);
    await contact.getByLabel('E-mail').fill(THEIRS);
    await contact.getByRole('button', { name: 'Send me the link' }).click();
    const link = /http\S+\/portal\/enter\S+/.exec((await mails.next(THEIRS, /\/portal\/enter/)).text)?.[0];
    await contact.goto(link ?? '');
    await contact.getByRole('button', { name: 'Enter the portal' }).click();
    await contact.waitForURL(/\/portal\/(?!enter)/);
    await contact.goto(`${server.url}/portal/requests/new`);
    await contact.getByRole('radio', { name: /^New hardware/ }).check();
    await contact.getByLabel('In one line').fill(SUBJECT);
    await contact.getByLabel('What exactly, and by when?').fill('She starts on Monday.');
    // What is written down may already help.
    await contact.getByRole('link', { name: 'Which laptops we buy' }).waitFor();
    await savePicture(contact, 'contact-request/1-form');
    await contact.getByRole('button', { name: 'Send', exact: true }).click();
    await contact.waitForURL(/\/portal\/requests\/[0-9a-f-]{36}/);
    ticketId = contact.url().split('/').at(-1) ?? '';
    expect((await ticket()).status).toBe('new');
  });

  it('is answered by staff, and answers by mail and in the portal on the same ticket', async () => {
    await command(analyst, 'tickets.replyToTicket', { ticketId, body: 'Which size shall it be?' });
    const asked = await mails.next(THEIRS, /Which size/);
    await handOver(listenPort, {
      from: THEIRS,
      to: OURS,
      subject: `Re: ${asked.subject}`,
      inReplyTo: asked.messageId,
      text: 'Fourteen inches, please.',
    });
    await expect.poll(lastWords).toContain('Fourteen inches');
    await contact.getByText('Fourteen inches, please.').waitFor();
    await contact.getByLabel('Write to us').fill('And a bag for it.');
    await contact.getByRole('button', { name: 'Send', exact: true }).click();
    await expect.poll(lastWords).toBe('And a bag for it.');
    const { comments } = await ticket();
    const theirs = comments.filter(({ authorName }) => authorName === 'Jo Hartley').map(({ body }) => body);
    expect(theirs).toEqual(['She starts on Monday.', 'Fourteen inches, please.', 'And a bag for it.']);
    const all = await query<{ items: unknown[] }>(analyst, 'tickets.listTickets', { limit: 10 });
    expect(all.items).toHaveLength(1);
  });

  it('approves by the link of the mail, which decides nothing by being opened', async () => {
    await command(analyst, 'approvals.requestApproval', {
      ticketId,
      subject: 'A laptop and a bag',
      amountMinor: 124_000,
      currency: 'GBP',
    });
    const mail = await mails.next(THEIRS, /approval is asked/);
    expect(mail.text).toContain('£1,240.00');
    const link = /http\S+\/approve\/[\w-]{43}/.exec(mail.text)?.[0] ?? '';
    const state = async (): Promise<unknown> =>
      (await query<{ items: { state: string }[] }>(analyst, 'approvals.listTicketApprovals', { ticketId })).items[0]
        ?.state;
    // As a program that guards a mailbox does.
    for (let times = 0; times < 3; times += 1) expect((await fetch(link)).status).toBe(200);
    expect(await state()).toBe('pending');
    await contact.goto(link);
    await contact.getByRole('heading', { name: 'A laptop and a bag' }).waitFor();
    await savePicture(contact, 'contact-request/2-approve');
    await contact.getByLabel('A comment').fill('Within the budget.');
    await contact.getByRole('button', { name: 'Approve' }).click();
    await contact.getByText('You approved it.').waitFor();
    await expect.poll(state).toBe('approved');
    await expect.poll(async () => (await ticket()).status).toBe('in-progress');
    expect((await contact.goto(link))?.status()).toBe(404);
  });

  it('rates by one click in the mail once it is resolved', async () => {
    const { version } = await ticket();
    await command(analyst, 'tickets.updateTicket', { ticketId, version, status: 'resolved' });
    const mail = await mails.next(THEIRS, /How did we do/);
    const link = /Excellent: (http\S+\/rate\/[\w-]{43}\?score=5)/.exec(mail.text)?.[1] ?? '';
    const scores = async (): Promise<unknown[]> =>
      (
        await query<{ items: { score: number | null }[] }>(analyst, 'satisfaction.listTicketRatings', { ticketId })
      ).items.map(({ score }) => score);
    expect((await fetch(link)).status).toBe(200);
    expect(await scores()).toEqual([null]);
    await contact.goto(link);
    await contact.mouse.move(200, 200);
    await contact.mouse.move(240, 240);
    await contact.getByText('Thank you, this is recorded.').waitFor();
    expect(await scores()).toEqual([5]);
    await savePicture(contact, 'contact-request/3-rated');
    expect(complaints.flat()).toEqual([]);
  });

  /** A client with an approver, a mailbox, a form, a guide, and the wish to be rated. */
  async function prepareDesk(page: Page): Promise<void> {
    const fields = { settings: { kind: 'smtp' }, secrets: {}, trustedAuthservId: null };
    const more = { defaultClientId: null, defaultQueue: null };
    await command(page, 'mail-inbox.createMailbox', { name: 'Support', address: OURS, ...fields, ...more });
    const { clientId } = await command<{ clientId: string }>(page, 'tenancy.createClient', {
      name: 'Hartley & Sons',
      timeZone: 'Europe/London',
    });
    await command(page, 'tenancy.createContact', {
      clientId,
      name: 'Jo Hartley',
      email: THEIRS,
      portalRole: 'member',
      isApprover: true,
      approvalLimitMinor: 500_000,
      approvalLimitCurrency: 'GBP',
    });
    await command(page, 'request-forms.createForm', {
      name: 'New hardware',
      description: 'A computer, a phone, a screen.',
      type: 'request',
      fields: [],
    });
    await command(page, 'knowledge.createArticle', {
      title: 'Which laptops we buy',
      html: '<p>Two models of laptop.</p>',
      audience: 'public',
      state: 'published',
    });
    await command(page, 'satisfaction.setSetting', { isOn: true, pauseDays: 7 });
  }
});
