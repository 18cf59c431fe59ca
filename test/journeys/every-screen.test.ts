import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcmeVendor } from '../support/acme-plugin.ts';
import { launchBrowser } from '../support/browser.ts';
import { connectAcme } from '../support/connect-acme.ts';
import { demoAdministrator, signInContact, signInStaff } from '../support/demo-people.ts';
import { watchLayout } from '../support/page-health.ts';
import { listRecords, samplePath } from '../support/sample-path.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { visit } from '../support/visit.ts';
import { openContext, watchPage } from '../support/web-page.ts';
import { webRoutes } from '../support/web-routes.ts';

/** The demo is told anew. */
const LOADING_MS = 600_000;

describe('every screen', () => {
  const dataDir = scratchFolder();
  let server: ServerProcess;
  let browser: Browser;
  let vendor: AcmeVendor;
  const pages: Record<string, { page: Page; complaints: readonly string[] }> = {};

  beforeAll(async () => {
    server = await startServerProcess({
      dataDir,
      args: ['--demo', '--size', 'small'],
      environment: { BAILIWICK_LOCAL_AGENT: 'off' },
    });
    browser = await launchBrowser();
    const administrator = demoAdministrator(server);
    const consolePage = await openPage();
    await signInStaff(consolePage, server.url, administrator);
    const [client] = await listRecords(consolePage, 'tenancy.listClients', { limit: 1 });
    vendor = await connectAcme(consolePage, String(client?.['id']));
    const contacts = await listRecords(consolePage, 'tenancy.listContacts', { limit: 100 });
    const manager = contacts.find((contact) => contact['portalRole'] === 'manager');
    await signInContact(await openPage(), server, String(manager?.['email']));
  }, LOADING_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await vendor?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  async function openPage(): Promise<Page> {
    const page = await (await openContext(browser)).newPage();
    await watchLayout(page);
    const door = pages['console'] === undefined ? 'console' : 'portal';
    pages[door] = { page, complaints: watchPage(page) };
    return page;
  }

  for (const { door, path } of webRoutes()) {
    // Once more where a busy machine drew late: what really moves, moves twice.
    it.for([1440, 390])(`${path} at %i px`, { retry: 1 }, async (width) => {
      const { page, complaints } = pages[door] ?? expect.fail(`Nobody is signed in to the ${door}.`);
      const before = complaints.length;
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      const address = await samplePath(page, path);
      if (address === null) return;
      const picture = `screens/${path.slice(1).replaceAll(/[/:]+/g, '-')}-${width}`;
      const faults = await visit(page, server.url + address, picture, width === 390 ? 'again' : 'whole');
      expect([...faults, ...complaints.slice(before)]).toEqual([]);
    });
  }
});
