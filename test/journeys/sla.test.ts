import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { command, query } from '../support/call-api.ts';
import { setUpServer } from '../support/first-administrator.ts';
import { watchLayout } from '../support/page-health.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { visit } from '../support/visit.ts';
import { openContext, savePicture, watchPage } from '../support/web-page.ts';

describe('what is promised to clients', () => {
  const dataDir = scratchFolder();
  let server: ServerProcess;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];
  let clientId: string;

  beforeAll(async () => {
    server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off' } });
    browser = await launchBrowser();
    page = await (await openContext(browser)).newPage();
    await watchLayout(page);
    complaints = watchPage(page);
    await setUpServer(page, server);
    const client = { name: 'Hartley & Sons', timeZone: 'Europe/London' };
    ({ clientId } = await command<{ clientId: string }>(page, 'tenancy.createClient', client));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  async function open(subject: string, priority: number): Promise<{ ticketId: string; number: number }> {
    return command(page, 'tickets.openTicket', { clientId, subject, impact: 2, urgency: 2, priority });
  }

  it('begins with one click, and tickets that were there follow', async () => {
    const { ticketId } = await open('Old printer', 1);
    expect(await visit(page, `${server.url}/settings?tab=sla`, 'sla/1-nothing-promised')).toEqual([]);
    await page.getByRole('button', { name: 'Start with the standard policy' }).click();
    await page.getByText('Answer / end: P1 30 min / 4 h', { exact: false }).waitFor();
    const next = () =>
      query<{ nextBreachAt: string | null }>(page, 'tickets.getTicket', { ticketId }).then((one) => one.nextBreachAt);
    await expect.poll(next, { timeout: 15_000 }).not.toBeNull();
    expect(await visit(page, `${server.url}/settings?tab=sla`, 'sla/2-rules')).toEqual([]);
  });

  it('refuses hours that overlap beside the hours, and keeps what was typed', async () => {
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Office hours' })
      .getByRole('button', { name: 'Change' })
      .click();
    await page.getByRole('button', { name: 'Add hours' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('overlaps with line 1 on mon', { exact: false }).first().waitFor();
    await savePicture(page, 'sla/3-overlap');
    await page.getByLabel('To', { exact: true }).first().fill('12:30');
    await page.getByLabel('From', { exact: true }).last().fill('13:00');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('13:00–17:00', { exact: false }).waitFor();
  });

  it('shows a ticket’s clocks with the timeline that shows why', async () => {
    const { ticketId, number } = await open('Mail is down', 1);
    await command(page, 'tickets.replyToTicket', { ticketId, body: 'We are on it.' });
    await command(page, 'tickets.replyToTicket', { ticketId, body: 'What changed?', status: 'waiting-client' });
    await page.goto(`${server.url}/tickets/${number}`);
    const sla = page.getByRole('region', { name: 'SLA' });
    await sla.getByText('Met').waitFor();
    await sla.getByText('Paused', { exact: true }).waitFor();
    await sla.getByText('Resolution timeline', { exact: false }).click();
    await sla.getByText('Round the clock').last().waitFor();
    expect(await visit(page, `${server.url}/tickets/${number}`, 'sla/4-ticket')).toEqual([]);
    await sla.getByText('Resolution timeline', { exact: false }).click();
    await savePicture(page, 'sla/5-timeline');
  });

  it('orders the queue by what is due next', async () => {
    await open('Slow laptop', 4);
    expect(await visit(page, `${server.url}/tickets?sort=breach`, 'sla/6-queue')).toEqual([]);
    const subjects = await page.getByRole('row').allInnerTexts();
    const place = (subject: string) => subjects.findIndex((text) => text.includes(subject));
    expect(place('Old printer')).toBeGreaterThan(0);
    expect(place('Old printer')).toBeLessThan(place('Slow laptop'));
    expect(place('Slow laptop')).toBeLessThan(place('Mail is down'));
    await page.getByLabel('Deadline').selectOption('hour');
    await expect.poll(() => page.getByText('Slow laptop').count()).toBe(0);
    await page.getByText('Old printer').first().waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await visit(page, `${server.url}/settings?tab=sla`, 'sla/7-rules-phone')).toEqual([]);
    expect(await visit(page, `${server.url}/tickets/1`, 'sla/8-ticket-phone')).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
