import { createHmac } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcmeVendor } from '../support/acme-plugin.ts';
import { launchBrowser } from '../support/browser.ts';
import { command, query } from '../support/call-api.ts';
import { connectAcme } from '../support/connect-acme.ts';
import { setUpServer } from '../support/first-administrator.ts';
import { acceptInvitation } from '../support/invited-staff.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { openContext, savePicture, watchPage } from '../support/web-page.ts';

describe('what is done at a vendor, and what it tells by itself', () => {
  const dataDir = scratchFolder();
  const complaints: (readonly string[])[] = [];
  let server: ServerProcess;
  let browser: Browser;
  let vendor: AcmeVendor;
  let staff: Page;
  let clientId: string;
  let connectionId: string;

  beforeAll(async () => {
    server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off' } });
    browser = await launchBrowser();
    staff = await openPage();
    await setUpServer(staff, server);
    const client = { name: 'Hartley & Sons', timeZone: 'Europe/London', emailDomains: [] };
    clientId = (await command<{ clientId: string }>(staff, 'tenancy.createClient', client)).clientId;
    vendor = await connectAcme(staff, clientId);
    const { items } = await query<{ items: { id: string }[] }>(staff, 'plugin-host.listConnections', {});
    connectionId = items[0]?.id ?? '';
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await vendor?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  async function openPage(): Promise<Page> {
    const page = await (await openContext(browser)).newPage();
    complaints.push(watchPage(page));
    return page;
  }

  async function namesSeen(): Promise<string[]> {
    const filter = { entity: 'device' };
    return (await query<{ items: { name: string }[] }>(staff, 'plugin-sync.listRecords', filter)).items.map(
      ({ name }) => name,
    );
  }

  it('plans an action in words, does it after a colleague agrees, reads it back, and takes it back', async () => {
    await staff.goto(`${server.url}/clients/${clientId}?tab=plugins`);
    await staff.getByLabel('Actions').uncheck();
    await staff.getByText('Saved').first().waitFor();
    await staff.getByRole('row', { name: 'acme-db-1' }).click();
    await staff.getByText('Actions are switched off for North').waitFor();
    await staff.getByLabel('Actions').check();
    await expect.poll(() => staff.getByText('Actions are switched off for North').count()).toBe(0);
    await staff.getByRole('button', { name: 'Label', exact: true }).click();
    const dialog = staff.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Show what it would do' }).click();
    const field = dialog.getByLabel('Label');
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
    await savePicture(staff, 'plugin-actions/1-action-refused');
    await field.fill('spare');
    await dialog.getByRole('button', { name: 'Show what it would do' }).click();
    await dialog.getByText('Label: none → spare').waitFor();
    await dialog.getByText('Reaches 1 device, 1 client', { exact: true }).waitFor();
    await dialog.getByText('Can be taken back').waitFor();
    await dialog.getByLabel('Reason').fill('It moves to another desk');
    await savePicture(staff, 'plugin-actions/2-plan');
    await dialog.getByRole('button', { name: 'Ask for approval' }).click();
    await dialog.getByText('Now one other person must approve').waitFor();
    expect(await dialog.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(vendor.labels.size).toBe(0);

    const { link } = await command<{ link: string }>(staff, 'identity.inviteStaff', {
      email: 'ann@northgate.example',
      standardRoles: ['manager'],
      reach: { kind: 'all' },
    });
    const manager = await openPage();
    await acceptInvitation(manager, link, 'Ann Field');
    await manager.goto(`${server.url}/actions`);
    await manager.getByText('Waits for you').waitFor();
    await manager.getByRole('row', { name: 'Label acme-db-1 as spare' }).click();
    const panel = manager.getByRole('complementary', { name: 'Action' });
    await panel.getByText('It moves to another desk').waitFor();
    await savePicture(manager, 'plugin-actions/3-approve');
    await panel.getByRole('button', { name: 'Approve' }).click();
    await dialog.getByText('Read back at the vendor: it holds.').waitFor({ timeout: 60_000 });
    expect(vendor.labels.get('acme-db-1')).toBe('spare');
    await savePicture(staff, 'plugin-actions/4-done');
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('Label: spare → none').waitFor();
    await dialog.getByRole('button', { name: 'Ask for approval' }).click();
    await dialog.getByText('Now one other person must approve').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
    await manager.goto(`${server.url}/actions`);
    await manager.getByRole('row', { name: 'Take back: Label acme-db-1 as spare' }).click();
    await panel.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => vendor.labels.get('acme-db-1'), { timeout: 60_000 }).toBe('none');
  });

  it('offers what can be done about an alert at its source', async () => {
    await staff.goto(`${server.url}/alerts`);
    await staff.getByText('The disk of acme-db-1 fills up').first().click();
    const panel = staff.getByRole('complementary', { name: /^Alert/ });
    await panel.getByRole('button', { name: 'Acknowledge at Acme' }).click();
    const dialog = staff.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Show what it would do' }).click();
    await dialog.getByText('State: open → acknowledged').waitFor();
    await dialog.getByRole('button', { name: 'Do it' }).click();
    await dialog.getByText('Acme shows it as acknowledged.').waitFor({ timeout: 60_000 });
    expect(vendor.requests.some(({ path }) => path === '/acknowledged')).toBe(true);
    await savePicture(staff, 'plugin-actions/5-acknowledged');
  });

  it('takes what the vendor delivers at its own address, and says why it refuses the rest', async () => {
    await staff.goto(`${server.url}/connections/${connectionId}?tab=deliveries`);
    const address = await staff.locator('code').first().innerText();
    const body = JSON.stringify({ site: 'north', device: 'acme-hook-1', state: 'running' });
    const deliver = (key: string) =>
      fetch(address, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-acme-signature': createHmac('sha256', key).update(body).digest('hex'),
        },
      });
    expect((await deliver('forged')).ok).toBe(false);
    expect((await deliver(vendor.key)).ok).toBe(true);
    await expect.poll(() => namesSeen(), { timeout: 60_000 }).toContain('acme-hook-1');
    await staff.goto(`${server.url}/connections/${connectionId}?tab=deliveries`);
    await staff.getByText('The last refused delivery').waitFor();
    await savePicture(staff, 'plugin-actions/6-webhook');
    await staff.getByRole('tab', { name: 'What came' }).click();
    await staff.getByRole('row', { name: 'Taken' }).getByText('1 new').waitFor();
    await savePicture(staff, 'plugin-actions/7-deliveries');
  });

  it('lets an administrator change which actions need approval', async () => {
    await staff.goto(`${server.url}/actions?view=policy`);
    await staff.getByRole('button', { name: 'Change rule 10' }).click();
    const dialog = staff.getByRole('dialog');
    await dialog.getByLabel('Then it').selectOption('deny');
    await dialog.getByText('Deleting is denied.').waitFor();
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await staff.getByRole('button', { name: 'Save the policy' }).click();
    await staff.getByText('The policy holds from now on').waitFor();
    await savePicture(staff, 'plugin-actions/8-policy');
    await staff.goto(`${server.url}/clients/${clientId}?tab=plugins`);
    await staff.getByRole('row', { name: 'acme-db-1' }).click();
    await staff.getByRole('button', { name: 'Label', exact: true }).click();
    await dialog.getByLabel('Label').fill('mine');
    await dialog.getByRole('button', { name: 'Show what it would do' }).click();
    await dialog.getByText('The policy denies this').waitFor();
    expect(await dialog.getByRole('button', { name: /^(Do it|Ask)/ }).count()).toBe(0);
  });

  it('lets no page complain', () => {
    expect(complaints.flat()).toEqual([]);
  });
});
