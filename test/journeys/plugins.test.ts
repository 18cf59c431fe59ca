import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACME_CAPABILITIES, ACME_SOURCE, startAcmeVendor, type AcmeVendor } from '../support/acme-plugin.ts';
import { launchBrowser } from '../support/browser.ts';
import { command, query } from '../support/call-api.ts';
import { signInContact } from '../support/demo-people.ts';
import { setUpServer } from '../support/first-administrator.ts';
import { acceptInvitation } from '../support/invited-staff.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { packTestPlugin } from '../support/test-plugin.ts';
import { openContext, savePicture, watchPage } from '../support/web-page.ts';

const HARTLEY = { name: 'Hartley & Sons', domain: 'hartley.example' };
const MERIDIAN = { name: 'Meridian Dental', domain: 'meridian.example' };
const BROOKSIDE = { name: 'Brookside Vets', domain: 'brookside.example' };
const JO = 'jo@hartley.example';
const BO = 'bo@brookside.example';
const NEW_KEY = 'n3w-1a2b3c4d5e6f';

interface RecordRow {
  readonly name: string;
  readonly clientId: string | null;
}

describe('a plugin from the file to its last row', () => {
  const dataDir = scratchFolder();
  const clients: Record<string, string> = {};
  let server: ServerProcess;
  let browser: Browser;
  let vendor: AcmeVendor;
  let staff: Page;
  let connectionId: string;
  let pluginId: string;
  const complaints: (readonly string[])[] = [];

  beforeAll(async () => {
    vendor = await startAcmeVendor();
    vendor.sites.push(
      { id: 'north', name: 'HS-01', kind: 'site', hints: { domains: [HARTLEY.domain] } },
      { id: 'dental', name: 'Meridian Dental Ltd', kind: 'site' },
      { id: 'site-42', name: 'Site 42', kind: 'site' },
    );
    vendor.devices.set('north', ['hs-file-1', 'hs-db-1']).set('dental', ['md-web-1']).set('site-42', []);
    vendor.alerts.set('hs-db-1', 'The disk of hs-db-1 fills up');
    server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off' } });
    browser = await launchBrowser();
    staff = await openPage();
    await setUpServer(staff, server);
    for (const client of [HARTLEY, MERIDIAN, BROOKSIDE]) clients[client.name] = await addClient(client);
    const contacts = [
      { clientId: clients[HARTLEY.name], name: 'Jo Hartley', email: JO },
      { clientId: clients[BROOKSIDE.name], name: 'Bo Brook', email: BO },
    ];
    for (const contact of contacts)
      await command(staff, 'tenancy.createContact', { ...contact, portalRole: 'manager' });
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

  async function addClient(client: { name: string; domain: string }): Promise<string> {
    const { clientId } = await command<{ clientId: string }>(staff, 'tenancy.createClient', {
      name: client.name,
      timeZone: 'Europe/London',
      emailDomains: [client.domain],
    });
    return clientId;
  }

  async function devicesSeen(page: Page): Promise<RecordRow[]> {
    const { items } = await query<{ items: RecordRow[] }>(page, 'plugin-sync.listRecords', { entity: 'device' });
    return items;
  }

  async function namesSeen(page: Page): Promise<string[]> {
    return (await devicesSeen(page)).map(({ name }) => name).toSorted();
  }

  async function openTab(name: string): Promise<void> {
    await staff.goto(`${server.url}/connections/${connectionId}`);
    await staff.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  }

  it('installs one of the catalogue, with consent in words', async () => {
    await staff.goto(`${server.url}/plugins`);
    await staff.getByRole('button', { name: 'See the catalogue' }).click();
    await staff.getByRole('button', { name: 'Install Zabbix' }).click();
    const dialog = staff.getByRole('dialog');
    await dialog.getByText('comes with this server').waitFor();
    await savePicture(staff, 'plugins/1-consent');
    await dialog.getByRole('button', { name: 'Allow this and install' }).click();
    await staff.getByRole('heading', { name: 'Zabbix', exact: true }).waitFor();
    await staff.getByText('agreed to this').waitFor();
    await savePicture(staff, 'plugins/2-installed');
  });

  it('installs one that is uploaded, from a publisher that is new', async () => {
    const bytes = await packTestPlugin({ source: ACME_SOURCE, capabilities: ACME_CAPABILITIES });
    await staff.goto(`${server.url}/plugins`);
    await staff.locator('input[type=file]').setInputFiles({
      name: 'acme.bailiwick-plugin',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bytes),
    });
    const dialog = staff.getByRole('dialog');
    await dialog.getByText('a publisher that is new to you').waitFor();
    await dialog.getByRole('button', { name: 'Allow this and install' }).click();
    await staff.getByRole('heading', { name: 'Acme', exact: true }).waitFor();
    pluginId = new URL(staff.url()).pathname.split('/').at(-1) ?? '';
  });

  it('says at the field what the vendor refuses, once its private host is allowed', async () => {
    await staff.getByRole('link', { name: 'Connect an account' }).click();
    await staff.getByLabel('Address').fill(vendor.url);
    await staff.getByLabel('API key').fill('wrong');
    await staff.getByRole('button', { name: 'Check and connect' }).click();
    await staff.getByText('on the private network of its own server').waitFor();
    expect(vendor.requests).toEqual([]);
    await savePicture(staff, 'plugins/3-reach');
    await staff.getByLabel('I allow this').check();
    await staff.getByRole('button', { name: 'Check and connect' }).click();
    const field = staff.getByLabel('API key');
    await expect.poll(() => field.getAttribute('aria-invalid'), { timeout: 30_000 }).toBe('true');
    await savePicture(staff, 'plugins/4-refused');
    await field.fill(vendor.key);
    await staff.getByRole('button', { name: 'Check and connect' }).click();
    await staff.waitForURL(/\/connections\//, { timeout: 30_000 });
    connectionId = new URL(staff.url()).pathname.split('/').at(-1) ?? '';
    await staff.getByText('ops@northgate.example').first().waitFor();
  });

  it('maps by what is exact, suggests by name, and leaves the rest to a person', async () => {
    const row = (name: string) => staff.getByRole('row', { name });
    await row('HS-01').getByText('Mapped').waitFor({ timeout: 30_000 });
    await row('Meridian Dental Ltd').getByText('Suggested').waitFor();
    await row('Site 42').getByText('Not mapped').waitFor();
    await savePicture(staff, 'plugins/5-scopes');
    await staff.getByRole('button', { name: 'Accept 1 suggested' }).click();
    await row('Meridian Dental Ltd').getByText('Mapped').waitFor();
    await row('Site 42').click();
    const panel = staff.getByRole('complementary', { name: 'Scope Site 42' });
    await panel.getByRole('combobox').fill('Brook');
    await staff.getByRole('option', { name: BROOKSIDE.name }).click();
    await panel.getByRole('button', { name: 'Map', exact: true }).click();
    await row('Site 42').getByText('Mapped').waitFor();
    await panel.getByLabel('Read records').uncheck();
    await staff.getByText('Saved').first().waitFor();
    await savePicture(staff, 'plugins/6-mapped');
  });

  it('reads for the clients that it is enabled for, and for no other', async () => {
    vendor.devices.get('north')?.push('hs-new-1');
    vendor.devices.get('site-42')?.push('bv-new-1');
    await staff.getByRole('button', { name: 'Read now' }).click();
    await expect.poll(() => namesSeen(staff), { timeout: 60_000 }).toContain('hs-new-1');
    await expect.poll(() => namesSeen(staff), { timeout: 60_000 }).toContain('md-web-1');
    const seen = await devicesSeen(staff);
    expect(seen.map(({ name }) => name)).not.toContain('bv-new-1');
    for (const { name, clientId } of seen) expect([name, clientId]).toEqual([name, clients[ownerOf(name)]]);
    await openTab('Records');
    await staff.getByText('hs-new-1').waitFor();
    await staff.getByRole('row', { name: 'hs-new-1' }).click();
    await staff.getByRole('complementary', { name: 'Record hs-new-1' }).getByText('Id at the vendor').waitFor();
    await savePicture(staff, 'plugins/7-records');
  });

  it('shows what it read at the client, at the asset and in the alert', async () => {
    await staff.goto(`${server.url}/clients/${clients[HARTLEY.name]}`);
    await staff.getByRole('tab', { name: 'Plugins' }).click();
    await staff.getByText('HS-01').waitFor();
    await staff.getByText('hs-db-1').waitFor();
    expect(await staff.getByText('md-web-1').count()).toBe(0);
    await savePicture(staff, 'plugins/8-client');
    await staff.getByText('hs-db-1').click();
    await staff.getByRole('link', { name: 'Open the asset' }).click();
    await staff.getByRole('tab', { name: 'Plugins' }).click();
    await staff.getByRole('link', { name: 'Acme' }).first().waitFor();
    await savePicture(staff, 'plugins/9-asset');
    await staff.goto(`${server.url}/alerts`);
    await staff.getByText('The disk of hs-db-1 fills up').first().click();
    const panel = staff.getByRole('complementary', { name: /^Alert/ });
    await panel.getByRole('link', { name: 'Acme' }).waitFor();
    await savePicture(staff, 'plugins/10-alert');
  });

  it('shows a colleague with one client that client’s records only', async () => {
    const { link } = await command<{ link: string }>(staff, 'identity.inviteStaff', {
      email: 'lee@northgate.example',
      standardRoles: ['technician'],
      reach: { kind: 'only', clientIds: [clients[MERIDIAN.name]] },
    });
    const narrow = await openPage();
    await acceptInvitation(narrow, link, 'Lee Park');
    expect(await namesSeen(narrow)).toEqual(['md-web-1']);
    await narrow.goto(`${server.url}/clients/${clients[MERIDIAN.name]}?tab=plugins`);
    await narrow.getByText('md-web-1').waitFor();
    await savePicture(narrow, 'plugins/11-narrow');
    await narrow.goto(`${server.url}/plugins`);
    await narrow.getByRole('heading', { name: 'Plugins', exact: true }).waitFor();
    expect(await narrow.getByText('hs-').count()).toBe(0);
  });

  it('shows the client that it does not read for nothing, in the console and in the portal', async () => {
    await staff.goto(`${server.url}/clients/${clients[BROOKSIDE.name]}?tab=plugins`);
    await staff.getByText('Site 42').waitFor();
    await staff.getByText('Nothing was read yet').waitFor();
    const { items } = await query<{ items: unknown[] }>(staff, 'assets.listAssets', {
      clientId: clients[BROOKSIDE.name],
    });
    expect(items).toEqual([]);
    const portal = await openPage();
    await signInContact(portal, server, BO);
    await portal.goto(`${server.url}/portal/computers`);
    await portal.getByRole('heading', { name: 'Computers' }).first().waitFor();
    expect(await portal.getByText(/(hs|md|bv)-\w+-1/).count()).toBe(0);
    await savePicture(portal, 'plugins/12-portal-of-third');
  });

  it('is nothing to a contact', async () => {
    const contact = await openPage();
    await signInContact(contact, server, JO);
    for (const procedure of ['plugin-sync.listRecords', 'plugin-host.listConnections', 'plugin-scopes.listScopes'])
      await expect(query(contact, procedure, { entity: 'device' })).rejects.toThrow(/answered 40[134]/);
  });

  it('says what to do when the vendor refuses the credential, and is well once it is typed again', async () => {
    const oldKey = vendor.key;
    vendor.key = NEW_KEY;
    await openTab('Overview');
    await staff.getByRole('button', { name: 'Read now' }).click();
    await staff.getByText('Needs repair').waitFor({ timeout: 60_000 });
    await openTab('Issues');
    await expect.poll(() => staff.getByRole('link', { name: 'Enter the credential again' }).count()).toBe(1);
    expect(await staff.getByText(oldKey).count()).toBe(0);
    await savePicture(staff, 'plugins/13-issue');
    await staff.getByRole('link', { name: 'Enter the credential again' }).click();
    await staff.getByLabel('API key').fill(NEW_KEY);
    await staff.getByRole('button', { name: 'Check and save' }).click();
    await staff.getByText('Works', { exact: true }).first().waitFor({ timeout: 60_000 });
    const openIssues = async () =>
      (await query<{ items: { key: string }[] }>(staff, 'plugin-host.listIssues', { connectionId })).items;
    await expect.poll(openIssues, { timeout: 60_000 }).toEqual([]);
    await openTab('Issues');
    await staff.getByText('Nothing needs you').waitFor();
    await savePicture(staff, 'plugins/14-repaired');
  });

  it('can be switched off and on', async () => {
    await staff.goto(`${server.url}/plugins/${pluginId}`);
    await staff.getByRole('button', { name: 'Switch off' }).click();
    await staff.getByText('Switched off').first().waitFor();
    await staff.getByRole('button', { name: 'Switch on' }).click();
    await staff.getByText('Enabled').first().waitFor();
  });

  it('leaves nothing when it is uninstalled with its records', async () => {
    await staff.getByRole('button', { name: 'Uninstall' }).click();
    const dialog = staff.getByRole('dialog');
    await dialog.getByLabel(/^Delete the records/).check();
    await savePicture(staff, 'plugins/15-uninstall');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await staff.waitForURL(/\/plugins\?/);
    await expect.poll(() => namesSeen(staff), { timeout: 60_000 }).toEqual([]);
    const { items } = await query<{ items: unknown[] }>(staff, 'plugin-host.listConnections', {});
    expect(items).toEqual([]);
    await staff.goto(`${server.url}/plugins?view=installed`);
    await staff.getByText('Zabbix').first().waitFor();
    expect(await staff.getByText('Acme').count()).toBe(0);
  });

  it('lets no page complain', () => {
    expect(complaints.flat()).toEqual([]);
  });
});

function ownerOf(device: string): string {
  if (device.startsWith('hs-')) return HARTLEY.name;
  return device.startsWith('md-') ? MERIDIAN.name : BROOKSIDE.name;
}
