import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { command, query } from '../support/call-api.ts';
import { setUpServer } from '../support/first-administrator.ts';
import { accessibilityFaults, settle } from '../support/page-health.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { packViewPlugin, startViewVendor, type ViewVendor } from '../support/view-plugin.ts';
import { openContext, savePicture, watchPage } from '../support/web-page.ts';

describe('pages of plugins', () => {
  const dataDir = scratchFolder();
  let server: ServerProcess;
  let browser: Browser;
  let vendor: ViewVendor;
  let staff: Page;
  let connectionId: string;
  let clientId: string;
  let complaints: readonly string[] = [];

  beforeAll(async () => {
    vendor = await startViewVendor();
    server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off' } });
    browser = await launchBrowser();
    staff = await (await openContext(browser)).newPage();
    complaints = watchPage(staff);
    await setUpServer(staff, server);
    ({ clientId } = await command<{ clientId: string }>(staff, 'tenancy.createClient', {
      name: 'Hartley & Sons',
      timeZone: 'Europe/London',
      emailDomains: ['hartley.example'],
    }));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await vendor?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  async function connect(): Promise<string> {
    const uploaded = await staff.request.post(`${server.url}/api/v1/plugin-packages`, {
      data: Buffer.from(await packViewPlugin()),
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename="acme.bailiwick-plugin"',
        origin: server.url,
      },
    });
    const { packageId } = (await uploaded.json()) as { packageId: string };
    const { digest } = await query<{ digest: string }>(staff, 'plugins.previewPlugin', { packageId });
    const { pluginId } = await command<{ pluginId: string }>(staff, 'plugins.installPlugin', { packageId, digest });
    const made = await command<{ connectionId: string }>(staff, 'plugin-host.createConnection', {
      pluginId,
      type: 'account',
      name: 'Acme',
      config: { url: vendor.url },
      secrets: { key: 'the-vendor-key' },
      approvals: [
        { kind: 'origin', value: vendor.url },
        { kind: 'network', value: '127.0.0.0/8' },
      ],
    });
    return made.connectionId;
  }

  async function openTab(page: Page, name: string): Promise<void> {
    await page.goto(`${server.url}/clients/${clientId}`);
    await page.getByRole('tab', { name, exact: true }).click();
  }

  async function openFrame(page: Page, name: string): Promise<Frame> {
    await openTab(page, name);
    const find = () => page.frames().find((one) => one.url().includes('/api/plugin-frames/'));
    await expect.poll(() => find() !== undefined, { timeout: 10_000 }).toBe(true);
    const frame = find();
    if (frame === undefined) throw new Error('there is no frame');
    await frame.waitForLoadState();
    return frame;
  }

  it('is read for the client whose domain is its own', async () => {
    connectionId = await connect();
    const devices = async () =>
      (await query<{ items: unknown[] }>(staff, 'plugin-sync.listRecords', { entity: 'device' })).items.length;
    await expect.poll(devices, { timeout: 60_000 }).toBe(3);
  });

  it('draws every kind of block at the client that its scope is mapped to', async () => {
    await openTab(staff, 'Acme');
    await staff.getByRole('heading', { name: 'North at Acme' }).waitFor();
    await staff.getByText('Storage is nearly full').waitFor();
    await staff.getByText('2 more than last month').waitFor();
    await staff.getByRole('cell', { name: 'hs-nas-1' }).waitFor();
    await staff.getByText('The NAS went offline').waitFor();
    await staff.getByRole('figure', { name: 'Load of the site' }).locator('canvas').waitFor();
    await staff.getByRole('button', { name: 'Restart hs-file-1' }).waitFor();
    await settle(staff);
    await savePicture(staff, 'plugin-views/1-blocks');
    expect(await accessibilityFaults(staff)).toEqual([]);
  });

  it('leads to records that are here, and to none that are not', async () => {
    await staff.getByText('A device that is not here').waitFor();
    expect(await staff.getByRole('link', { name: 'A device that is not here' }).count()).toBe(0);
    expect(await staff.getByRole('link', { name: 'Open hs-file-1' }).getAttribute('href')).toMatch(/^\/assets\//);
  });

  it('draws again with what the form asks for, and keeps what was chosen', async () => {
    const choice = staff.getByLabel('Devices', { exact: true }).and(staff.locator('select'));
    await choice.selectOption('offline');
    await staff.getByRole('button', { name: 'Show', exact: true }).click();
    await staff.getByRole('cell', { name: 'hs-file-1' }).waitFor({ state: 'detached' });
    await staff.getByRole('cell', { name: 'hs-nas-1' }).waitFor();
    expect(await choice.inputValue()).toBe('offline');
    await savePicture(staff, 'plugin-views/2-form');
  });

  it('opens the form of an action with its fields filled in', async () => {
    const { items } = await query<{ items: { id: string; name: string }[] }>(staff, 'plugin-scopes.listScopes', {});
    const north = items.find(({ name }) => name === 'North');
    await command(staff, 'plugin-scopes.setSwitches', { scopeIds: [north?.id], actionsEnabled: true });
    await staff.getByRole('button', { name: 'Restart hs-file-1' }).click();
    const dialog = staff.getByRole('dialog');
    await expect.poll(() => dialog.getByLabel('Reason').inputValue()).toBe('It hangs');
    await savePicture(staff, 'plugin-views/3-action');
    await staff.keyboard.press('Escape');
  });

  it('shows an asset, a connection and the first page what stands there', async () => {
    await staff.getByRole('link', { name: 'Open hs-file-1' }).click();
    await staff.getByRole('tab', { name: 'Acme machine' }).click();
    await staff.getByRole('heading', { name: 'Acme calls it fs-1' }).waitFor();
    await staff.goto(`${server.url}/connections/${connectionId}`);
    await staff.getByRole('tab', { name: 'Quota' }).click();
    await staff.getByText('none', { exact: true }).waitFor();
    await staff.goto(`${server.url}/inbox`);
    await staff.getByRole('region', { name: 'Acme today' }).getByText('Offline').waitFor();
    await savePicture(staff, 'plugin-views/4-widget');
  });

  it('says in words that the vendor does not answer, and draws when it does', async () => {
    vendor.isThere = false;
    await openTab(staff, 'Acme');
    await staff.getByText('Acme could not be drawn').waitFor({ timeout: 60_000 });
    await savePicture(staff, 'plugin-views/5-failed');
    vendor.isThere = true;
    await staff.getByRole('button', { name: 'Try again' }).click();
    await staff.getByRole('heading', { name: 'North at Acme' }).waitFor();
  });

  it('shows a frame what its view answers, and opens a record at a click', async () => {
    const frame = await openFrame(staff, 'Gauge');
    await frame.getByText('3 devices').waitFor();
    // The click was on the tab, not in the frame.
    await frame.evaluate(`parent.postMessage({ call: 'open', entity: 'device', id: 'fs-1' }, '*')`);
    await frame.getByText('at a click only').waitFor();
    await savePicture(staff, 'plugin-views/6-frame');
    await frame.getByRole('button', { name: 'Only those online' }).click();
    await frame.getByText('2 devices').waitFor();
    await frame.getByRole('button', { name: 'Open the first device' }).click();
    await staff.waitForURL(/\/assets\//);
    // The vendor that did not answer was meant.
    expect(complaints.filter((line) => !line.startsWith('503 from /api/v1/plugin-views/render'))).toEqual([]);
  });

  it('lets a hostile frame reach nothing', async () => {
    const page = await (await openContext(browser)).newPage();
    await page.context().addCookies(await staff.context().cookies());
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const drawnBefore = vendor.requests.length;
    const frame = await openFrame(page, 'Hostile');
    await frame.getByText(/^finished/).waitFor();
    const tries = await frame.locator('li').allInnerTexts();
    await savePicture(page, 'plugin-views/7-hostile');
    expect(tries.filter((line) => line.includes('got out'))).toEqual([]);
    expect(tries.length).toBeGreaterThanOrEqual(12);
    expect(new URL(page.url()).pathname).toBe(`/clients/${clientId}`);
    expect(asked.filter((url) => !url.startsWith(server.url))).toEqual([]);
    // Two hundred messages are not two hundred requests at a vendor.
    expect(vendor.requests.length - drawnBefore).toBeLessThan(20);
    const { items } = await query<{ items: { name: string }[] }>(staff, 'tenancy.listClients', {});
    expect(items.map(({ name }) => name)).not.toContain('stolen');
    await frame.evaluate(`location.href = 'https://elsewhere.example/?stolen'`).catch(() => {});
    await page.getByText('tried to lead to another page').waitFor();
    expect(asked.filter((url) => !url.startsWith(server.url) && !url.startsWith('chrome-error'))).toEqual([]);
  });

  it('hands a frame’s page out as a document of no origin, and only to who may see it', async () => {
    const src = `${server.url}/api/plugin-frames/${connectionId}/gauge`;
    const { items } = await query<{ items: { id: string; name: string }[] }>(staff, 'plugin-scopes.listScopes', {});
    const scopes = new Map(items.map(({ id, name }) => [name, id]));
    const answer = await staff.request.get(`${src}?scope=${scopes.get('North')}`);
    expect(answer.headers()).toMatchObject({
      'content-security-policy': expect.stringMatching(/^sandbox allow-scripts; default-src 'none'/) as string,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    });
    expect((await staff.request.get(`${src}?scope=${scopes.get('South')}`)).status()).toBe(409);
    const stranger = await openContext(browser);
    expect((await stranger.request.get(`${src}?scope=${scopes.get('North')}`)).status()).toBe(401);
  });

  it('looks right in the dark and on a phone', async () => {
    for (const [look, name] of [
      [{ theme: 'dark' as const, height: 1900 }, 'dark'],
      [{ height: 1900 }, 'light'],
      [{ width: 390, height: 2400 }, 'phone'],
    ] as const) {
      const page = await (await openContext(browser, look)).newPage();
      await page.context().addCookies(await staff.context().cookies());
      await openTab(page, 'Acme');
      await page.getByRole('heading', { name: 'North at Acme' }).waitFor();
      await page.getByRole('figure', { name: 'Load of the site' }).locator('canvas').waitFor();
      await settle(page);
      await savePicture(page, `plugin-views/8-${name}`);
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('tab', { name: 'Gauge' }).click();
      await page.frameLocator('iframe').getByText('3 devices').waitFor();
      await savePicture(page, `plugin-views/9-frame-${name}`);
      await page.context().close();
    }
  });
});
