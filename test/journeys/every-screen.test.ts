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

const HEIGHTS = { 1440: 900, 390: 844 } as const;
type Width = keyof typeof HEIGHTS;

interface Window {
  readonly page: Page;
  readonly complaints: readonly string[];
}

describe('every screen', () => {
  const dataDir = scratchFolder();
  let server: ServerProcess;
  let browser: Browser;
  let vendor: AcmeVendor;
  const windows: Record<string, Readonly<Record<Width, Window>>> = {};

  beforeAll(async () => {
    server = await startServerProcess({
      dataDir,
      args: ['--demo', '--size', 'small'],
      environment: { BAILIWICK_LOCAL_AGENT: 'off' },
    });
    browser = await launchBrowser();
    const administrator = demoAdministrator(server);
    const consolePage = await openWindows('console');
    await signInStaff(consolePage, server.url, administrator);
    const [client] = await listRecords(consolePage, 'tenancy.listClients', { limit: 1 });
    vendor = await connectAcme(consolePage, String(client?.['id']));
    const contacts = await listRecords(consolePage, 'tenancy.listContacts', { limit: 100 });
    const manager = contacts.find((contact) => contact['portalRole'] === 'manager');
    await signInContact(await openWindows('portal'), server, String(manager?.['email']));
  }, LOADING_MS);
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await vendor?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  /** A wide and a narrow window of one person; answers the wide one, to sign in with. */
  async function openWindows(door: string): Promise<Page> {
    const context = await openContext(browser);
    const open = async (width: Width): Promise<Window> => {
      const page = await context.newPage();
      await page.setViewportSize({ width, height: HEIGHTS[width] });
      await watchLayout(page);
      return { page, complaints: watchPage(page) };
    };
    const both = { 1440: await open(1440), 390: await open(390) };
    windows[door] = both;
    return both[1440].page;
  }

  for (const { door, path } of webRoutes()) {
    // Once more where a busy machine drew late: what really moves, moves twice.
    it(path, { retry: 1 }, async () => {
      const both = windows[door] ?? expect.fail(`Nobody is signed in to the ${door}.`);
      const address = await samplePath(both[1440].page, path);
      if (address === null) return;
      const lookAt = async (width: Width): Promise<string[]> => {
        const { page, complaints } = both[width];
        const before = complaints.length;
        const picture = `screens/${path.slice(1).replaceAll(/[/:]+/g, '-')}-${width}`;
        const faults = await visit(page, server.url + address, picture, width === 390 ? 'again' : 'whole');
        return [...faults, ...complaints.slice(before)].map((fault) => `at ${width} px: ${fault}`);
      };
      const faults = await Promise.all([lookAt(1440), lookAt(390)]);
      expect(faults.flat()).toEqual([]);
    });
  }
});
