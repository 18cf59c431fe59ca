import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { command, query } from '../support/call-api.ts';
import { setUpServer } from '../support/first-administrator.ts';
import { acceptInvitation } from '../support/invited-staff.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { openContext, savePicture, watchPage } from '../support/web-page.ts';

describe('two analysts on one ticket', () => {
  const dataDir = scratchFolder();
  let server: ServerProcess;
  let browser: Browser;
  let mira: Page;
  let ann: Page;
  let ticketId: string;
  const complaints: (readonly string[])[] = [];

  beforeAll(async () => {
    server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off' } });
    browser = await launchBrowser();
    mira = await openPage();
    await setUpServer(mira, server);
    const client = await command<{ clientId: string }>(mira, 'tenancy.createClient', {
      name: 'Hartley & Sons',
      timeZone: 'Europe/London',
    });
    const input = { ...client, subject: 'Payroll share gone', body: 'All of us upstairs.', impact: 1, urgency: 2 };
    const opened = await command<{ ticketId: string; number: number }>(mira, 'tickets.openTicket', input);
    ticketId = opened.ticketId;
    const { link } = await command<{ link: string }>(mira, 'identity.inviteStaff', {
      email: 'ann@northgate.example',
      standardRoles: ['technician'],
      reach: { kind: 'all' },
    });
    ann = await openPage();
    await acceptInvitation(ann, link, 'Ann Field');
    for (const page of [mira, ann]) await page.goto(`${server.url}/tickets/${opened.number}`);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  async function openPage(): Promise<Page> {
    const page = await (await openContext(browser)).newPage();
    complaints.push(watchPage(page));
    return page;
  }
  const write = async (page: Page, text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Reply' }).click();
    await page.keyboard.type(text);
  };

  it('see each other, and see each other write', async () => {
    const others = (page: Page) => page.getByRole('list', { name: 'Also here' });
    await others(mira).getByText('Ann Field is here').waitFor();
    await others(ann).getByText('Mira Keller is here').waitFor();
    await write(mira, 'We are looking into it.');
    await others(ann).getByText('Mira Keller is writing…').waitFor();
    await savePicture(ann, 'two-analysts/1-is-writing');
  });

  it('are warned of each other’s words before they send their own, and lose neither', async () => {
    await write(ann, 'Please restart the machine.');
    await mira.keyboard.press('Control+Enter');
    // Not held for the undo any longer.
    await mira.keyboard.press('Control+Enter');
    const notice = ann.getByRole('status', { name: 'Replied meanwhile' });
    await notice.getByText('We are looking into it.').waitFor();
    await savePicture(ann, 'two-analysts/2-replied-meanwhile');
    await ann.getByRole('textbox', { name: 'Reply' }).click();
    await ann.keyboard.press('Control+Enter');
    await ann.getByRole('alert', { name: 'Replied meanwhile' }).waitFor();
    expect(await ann.getByRole('textbox', { name: 'Reply' }).innerText()).toContain('Please restart the machine.');
    await ann.getByRole('button', { name: 'Send mine anyway' }).click();
    await ann.getByRole('button', { name: 'Send now' }).click();
    const said = async (): Promise<string[]> => {
      const ticket = await query<{ comments: { body: string }[] }>(mira, 'tickets.getTicket', { ticketId });
      return ticket.comments.map(({ body }) => body);
    };
    await expect.poll(said).toEqual(['All of us upstairs.', 'We are looking into it.', 'Please restart the machine.']);
    await mira.getByText('Please restart the machine.').waitFor();
  });

  it('are told when a change came too late, and when the other leaves', async () => {
    const { version } = await query<{ version: number }>(mira, 'tickets.getTicket', { ticketId });
    await command(ann, 'tickets.updateTicket', { ticketId, version, priority: 1 });
    await expect(command(mira, 'tickets.updateTicket', { ticketId, version, priority: 4 })).rejects.toThrow(
      /changed this ticket meanwhile/,
    );
    await ann.goto(`${server.url}/tickets`);
    await mira.getByRole('list', { name: 'Also here' }).waitFor({ state: 'detached' });
    expect(complaints.flat()).toEqual([]);
  });
});
