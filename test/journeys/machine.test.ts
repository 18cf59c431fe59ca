import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { command, query } from '../support/call-api.ts';
import { setUpServer } from '../support/first-administrator.ts';
import { enrolThisMachine, runAgentProcess } from '../support/machine-agent.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { openContext, savePicture, watchPage } from '../support/web-page.ts';

/** A script that writes a line, waits, and writes the next: the first must be on the screen before the last is written. */
const SCRIPT = 'echo begun; sleep 6; echo "ended on $(uname -s)"';

/** How many pixels of the first chart are not empty. */
const INKED_PIXELS = `(() => {
  const canvas = document.querySelector('canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, index) => index % 4 === 3 && value > 0).length;
})()`;

describe('a machine', () => {
  const dataDir = scratchFolder();
  const stateDir = join(dataDir, 'test-agent');
  let server: ServerProcess;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];
  let agent: ReturnType<typeof runAgentProcess>;
  let assetId: string;

  beforeAll(async () => {
    server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off' } });
    browser = await launchBrowser();
    page = await (await openContext(browser)).newPage();
    complaints = watchPage(page);
    await setUpServer(page, server);
  });
  afterAll(async () => {
    await agent?.[Symbol.asyncDispose]();
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  it('is enrolled by its agent with a token, and becomes an asset of the client', async () => {
    const { clientId } = await command<{ clientId: string }>(page, 'tenancy.createClient', {
      name: 'Hartley & Sons',
      shortCode: 'HARTLEY',
      timeZone: 'Europe/London',
    });
    const { token } = await command<{ token: string }>(page, 'endpoints.createEnrolmentToken', {
      clientId,
      label: 'Journey',
      maxUses: 1,
      expiresInHours: 1,
    });
    assetId = await enrolThisMachine({ url: server.url, token, stateDir });
    agent = runAgentProcess(stateDir);
    await page.goto(`${server.url}/assets/${assetId}`);
    await page.getByText('Online', { exact: true }).waitFor({ timeout: 30_000 });
    await expect(enrolThisMachine({ url: server.url, token, stateDir: join(dataDir, 'second') })).rejects.toThrow();
  });

  it('says what it is made of, without a reload', async () => {
    await page.getByRole('heading', { name: 'Hardware' }).waitFor({ timeout: 60_000 });
    await page.getByText('Processor', { exact: true }).waitFor({ timeout: 60_000 });
    await savePicture(page, 'machine/1-overview');
  });

  it('draws what it measures', async () => {
    await expect
      .poll(async () => (await query<unknown[]>(page, 'monitoring.listSeries', { assetId })).length, {
        timeout: 90_000,
      })
      .toBeGreaterThan(5);
    await page.getByRole('tab', { name: 'Metrics' }).click();
    await page.locator('canvas').first().waitFor();
    const inked = await page.evaluate<number>(INKED_PIXELS);
    expect(inked).toBeGreaterThan(200);
    await savePicture(page, 'machine/2-charts');
  });

  it('runs no script until orders are allowed, and then only for a reason', async () => {
    await page.goto(`${server.url}/assets/${assetId}`);
    await page.getByRole('tab', { name: 'Agent' }).click();
    await page.getByText('Only observes').waitFor();
    expect(await page.getByRole('button', { name: 'Run script…' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Allow orders' }).click();
    await page.getByText('Takes orders').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Run script…' }).click();
    await page.getByLabel('Script', { exact: true }).fill(SCRIPT);
    expect(await page.getByRole('button', { name: 'Run on 1 machine' }).isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill('See whether it answers');
    await page.getByRole('button', { name: 'Run on 1 machine' }).click();
  });

  it('shows the script’s output while it runs', async () => {
    const line = page.getByRole('listitem').filter({ hasText: 'See whether it answers' });
    await line.getByText('See whether it answers').click();
    await line.locator('pre').getByText('begun').waitFor({ timeout: 30_000 });
    expect(await line.locator('pre').innerText()).not.toContain('ended');
    await line.locator('pre').getByText('ended on Linux').waitFor({ timeout: 30_000 });
    await line.getByText('Done', { exact: true }).waitFor({ timeout: 30_000 });
    await line.getByText('Exit code 0').waitFor();
    await savePicture(page, 'machine/3-script');
  });

  it('lets no page complain', () => {
    expect(complaints).toEqual([]);
  });
});
