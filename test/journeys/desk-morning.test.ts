import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { command, query } from '../support/call-api.ts';
import { setUpServer } from '../support/first-administrator.ts';
import { watchLayout } from '../support/page-health.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { visit } from '../support/visit.ts';
import { openContext, savePicture, watchPage } from '../support/web-page.ts';

const SUBJECTS = [
  'Head office: internet down',
  'Payroll share gone',
  'New starter Monday',
  'Printer prints blank',
  'VPN is slow',
];

describe('an analyst’s morning, by keyboard alone', () => {
  const dataDir = scratchFolder();
  let server: ServerProcess;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];
  const tickets = new Map<string, string>();

  beforeAll(async () => {
    server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off' } });
    browser = await launchBrowser();
    page = await (await openContext(browser)).newPage();
    await watchLayout(page);
    complaints = watchPage(page);
    await setUpServer(page, server);
    for (const [name, subjects] of [
      ['Hartley & Sons', SUBJECTS.slice(0, 3)],
      ['Calder Freight', SUBJECTS.slice(3)],
    ] as const) {
      const client = await command<{ clientId: string }>(page, 'tenancy.createClient', {
        name,
        timeZone: 'Europe/London',
      });
      for (const subject of subjects) {
        const input = { ...client, subject, body: 'Please help.', impact: 2, urgency: 2 };
        tickets.set(subject, (await command<{ ticketId: string }>(page, 'tickets.openTicket', input)).ticketId);
      }
    }
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const row = (subject: string) => page.getByRole('row', { name: subject, exact: false });
  const read = (subject: string) =>
    query<{ status: string; assigneeId: string | null; priority: number; comments: { body: string }[] }>(
      page,
      'tickets.getTicket',
      { ticketId: tickets.get(subject) ?? '' },
    );
  const focused = (): Promise<unknown> =>
    page.evaluate(
      'document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.innerText?.split("\\n")[0]',
    );
  const statuses = async (subjects: readonly string[]): Promise<string[]> =>
    Promise.all(subjects.map(async (subject) => (await read(subject)).status));

  it('opens the queue, walks it and takes a ticket', async () => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await press('g', 't');
    await page.getByRole('heading', { name: 'Tickets', exact: true }).waitFor();
    await row('VPN is slow').waitFor();
    await savePicture(page, 'desk-morning/0-queue');
    await press('j', 'j', 'Enter');
    const panel = page.getByRole('complementary', { name: 'Ticket T-4' });
    await panel.getByRole('heading', { name: 'Printer prints blank' }).waitFor();
    await press('k');
    await page.getByRole('complementary', { name: 'Ticket T-5' }).waitFor();
    await press('j', 'a');
    await expect.poll(async () => (await read('Printer prints blank')).assigneeId).not.toBeNull();
    await press('p', '2');
    await expect.poll(async () => (await read('Printer prints blank')).priority).toBe(2);
  });

  it('answers it and logs the time by Tab', async () => {
    const panel = page.getByRole('complementary', { name: 'Ticket T-4' });
    await panel.getByRole('textbox', { name: 'Reply' }).waitFor();
    await press('r');
    await expect.poll(focused).toBe('Reply');
    await page.keyboard.type('Which floor is it on?');
    // Time is logged with the reply: Tab leads to it.
    await tabTo('Minutes worked');
    await page.keyboard.type('12');
    await tabTo('Send and wait');
    await press('Enter');
    await page.getByText(/^Logged \d/).waitFor();
    await savePicture(page, 'desk-morning/1-answered');
    await press('Escape', 'r', 'Control+Enter');
    await expect
      .poll(async () => (await read('Printer prints blank')).comments.map(({ body }) => body))
      .toContain('Which floor is it on?');
    expect((await read('Printer prints blank')).status).toBe('waiting-client');
    await press('Escape', 'Escape');
    await panel.waitFor({ state: 'detached' });
  });

  it('closes several at once, and takes it back', async () => {
    await page.goto(`${server.url}/tickets?sort=opened`);
    await row('New starter Monday').waitFor();
    await press('j', 'j', 'j', 'x', 'j', 'j', 'Shift+X');
    await page.getByRole('toolbar', { name: 'Chosen tickets' }).getByText('3 tickets chosen').waitFor();
    const chosen = SUBJECTS.slice(0, 3);
    await savePicture(page, 'desk-morning/2-chosen');
    await press('s', 'r');
    await expect.poll(() => statuses(chosen)).toEqual(['resolved', 'resolved', 'resolved']);
    await page.getByText('3 tickets resolved').waitFor();
    await press('Control+z');
    await expect.poll(() => statuses(chosen)).toEqual(['new', 'new', 'new']);
  });

  it('goes from view to view, divides one, and keeps it', async () => {
    await press('v', '1');
    await page.getByRole('tab', { name: 'Mine', selected: true }).waitFor();
    await row('Printer prints blank').waitFor();
    await expect.poll(() => page.getByRole('tab', { name: 'Mine' }).innerText()).toContain('1');
    expect(await visit(page, `${server.url}/tickets?by=client`, 'desk-morning/3-by-client')).toEqual([]);
    await page.getByRole('button', { name: 'Hartley & Sons', exact: false }).waitFor();
    await press('Control+k');
    // It is fetched when it is first asked for; letters before that would be shortcuts.
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.type('keep this view');
    await page.getByRole('option', { name: 'Keep this view as…' }).waitFor();
    await press('Enter');
    await page.getByRole('dialog', { name: 'Keep as a view' }).getByLabel('Name').fill('By client');
    await press('Enter');
    await page.getByRole('tab', { name: 'By client', selected: true }).waitFor();
    await page.reload();
    await page.getByRole('tab', { name: 'By client', selected: true }).waitFor();
    await page.getByRole('button', { name: 'Calder Freight', exact: false }).waitFor();
    await press('/');
    await page.keyboard.type('payroll');
    await press('Enter');
    await expect.poll(() => page.getByRole('row', { name: /^T-/ }).count()).toBe(1);
    await press('j', 'o');
    await page.getByRole('heading', { name: 'Payroll share gone' }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await visit(page, `${server.url}/tickets`, 'desk-morning/4-phone')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  async function tabTo(label: string): Promise<void> {
    const passed: unknown[] = [];
    for (let steps = 0; steps < 40; steps += 1) {
      if ((await focused()) === label) return;
      passed.push(await page.evaluate('document.activeElement?.outerHTML.slice(0, 80)'));
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${label}, but to ${passed.join(', ')}.`);
  }
});
