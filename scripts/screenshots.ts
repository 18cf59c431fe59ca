import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../test/support/browser.ts';
import { query } from '../test/support/call-api.ts';
import { demoAdministrator, signInContact, signInStaff } from '../test/support/demo-people.ts';
import { settle } from '../test/support/page-health.ts';
import { listRecords } from '../test/support/sample-path.ts';
import { removeFolder, scratchFolder, startServerProcess } from '../test/support/server-process.ts';
import { openContext } from '../test/support/web-page.ts';

const PICTURES = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const MAX_BYTES = 300_000;

interface Shot {
  readonly name: string;
  readonly theme: 'light' | 'dark';
  /** Leads the page to what is shown. */
  readonly go: (page: Page, url: string) => Promise<void>;
}

/** The pictures of the README, of the demo's console. */
const CONSOLE: readonly Shot[] = [
  { name: 'tickets', theme: 'light', go: openFirst('/tickets?view=open') },
  { name: 'alerts', theme: 'dark', go: openFirst('/alerts') },
  { name: 'asset', theme: 'dark', go: openMeasuredAsset },
  { name: 'invoice', theme: 'light', go: openFirst('/billing') },
];

/** Opens a list and its first row beside it. */
function openFirst(path: string): Shot['go'] {
  return async (page, url) => {
    await page.goto(url + path);
    await settle(page);
    const row = page.locator('[role=rowgroup] [role=row]').first();
    if ((await row.count()) > 0) await row.getByRole('gridcell').nth(2).click();
    await settle(page);
  };
}

/** Opens the charts of a server that has measured something. */
async function openMeasuredAsset(page: Page, url: string): Promise<void> {
  const assets = await listRecords(page, 'assets.listAssets', { limit: 100 });
  const servers = assets.filter((asset) => asset['kind'] === 'server' || asset['kind'] === 'hypervisor');
  let chosen = servers[0]?.['id'];
  for (const { id } of servers) {
    if ((await query<unknown[]>(page, 'monitoring.listSeries', { assetId: id })).length === 0) continue;
    chosen = id;
    break;
  }
  await page.goto(`${url}/assets/${String(chosen)}`);
  await settle(page);
  await page.getByRole('tab', { name: 'Metrics' }).click();
  await settle(page);
}

async function shoot(page: Page, url: string, shot: Shot): Promise<void> {
  await page.emulateMedia({ colorScheme: shot.theme, reducedMotion: 'reduce' });
  await shot.go(page, url);
  await page.waitForTimeout(1000);
  const picture = await page.screenshot();
  if (picture.length > MAX_BYTES) process.stderr.write(`${shot.name} is larger than ${MAX_BYTES} bytes.\n`);
  writeFileSync(join(PICTURES, `${shot.name}.png`), picture);
  process.stdout.write(`${shot.name}.png, ${Math.round(picture.length / 1024)} KiB\n`);
}

/** Saves the pictures of the README from a server with the demo. */
async function main(): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const dataDir = scratchFolder();
  try {
    await using server = await startServerProcess({
      dataDir,
      args: ['--demo'],
      environment: { BAILIWICK_LOCAL_AGENT: 'off' },
    });
    await using browser = await launchBrowser();
    const staff = await (await openContext(browser)).newPage();
    await signInStaff(staff, server.url, demoAdministrator(server));
    for (const shot of CONSOLE) await shoot(staff, server.url, shot);
    const contacts = await listRecords(staff, 'tenancy.listContacts', { limit: 100 });
    const manager = contacts.find((contact) => contact['portalRole'] === 'manager');
    const contact = await (await openContext(browser)).newPage();
    await signInContact(contact, server, String(manager?.['email']));
    await shoot(contact, server.url, {
      name: 'portal',
      theme: 'light',
      go: async (page, url) => {
        await page.goto(`${url}/portal/home`);
        await settle(page);
      },
    });
  } finally {
    removeFolder(dataDir);
  }
}

await main();
