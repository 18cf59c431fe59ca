import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { command, query } from '../support/call-api.ts';
import { signInContact } from '../support/demo-people.ts';
import { setUpServer } from '../support/first-administrator.ts';
import { enrolThisMachine, runAgentProcess } from '../support/machine-agent.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { openContext, savePicture, watchPage } from '../support/web-page.ts';

const HARTLEY = { name: 'Hartley & Sons', contact: 'Jo Hartley', email: 'jo@hartley.example' };
const MERIDIAN = { name: 'Meridian Dental', contact: 'Sam Reyes', email: 'sam@meridian.example' };
const CHECK = 'Memory is in use';

describe('from an alert to a paid hour', () => {
  const dataDir = scratchFolder();
  let server: ServerProcess;
  let browser: Browser;
  let staff: Page;
  let contact: Page;
  let agent: ReturnType<typeof runAgentProcess>;
  let clientId: string;
  let ticket: { id: string; number: number };
  let invoiceId: string;
  let invoiceNumber: string;
  const complaints: (readonly string[])[] = [];

  beforeAll(async () => {
    server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off' } });
    browser = await launchBrowser();
    staff = await openPage();
    await setUpServer(staff, server);
    clientId = await addClient(staff, HARTLEY);
    await addClient(staff, MERIDIAN);
    const { token } = await command<{ token: string }>(staff, 'endpoints.createEnrolmentToken', {
      clientId,
      label: 'Journey',
      maxUses: 1,
      expiresInHours: 1,
    });
    await enrolThisMachine({ url: server.url, token, stateDir: join(dataDir, 'test-agent') });
    agent = runAgentProcess(join(dataDir, 'test-agent'));
  });
  afterAll(async () => {
    await agent?.[Symbol.asyncDispose]();
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  async function openPage(): Promise<Page> {
    const page = await (await openContext(browser)).newPage();
    complaints.push(watchPage(page));
    return page;
  }

  it('raises an alert when a threshold is crossed', async () => {
    await staff.goto(`${server.url}/checks`);
    await staff.getByRole('button', { name: 'New check' }).first().click();
    await staff.getByLabel('Name').fill(CHECK);
    await staff.getByLabel('Metric').selectOption('memory.used_percent');
    await staff.getByLabel('Threshold').fill('0.1');
    await staff.getByLabel('Recovers at').fill('0.05');
    await staff.getByLabel('For how many minutes').fill('0');
    await staff.getByLabel('Severity').selectOption('critical');
    await staff.getByRole('button', { name: 'Add', exact: true }).click();
    await staff.goto(`${server.url}/alerts`);
    await staff.getByText(CHECK).first().waitFor({ timeout: 120_000 });
    await staff.getByText(CHECK).first().click();
    await staff.getByText('What happened').waitFor();
    await savePicture(staff, 'alert-to-invoice/1-alert');
  });

  it('has made a ticket of it, which is answered and the time logged', async () => {
    await expect
      .poll(async () => (await query<{ items: unknown[] }>(staff, 'tickets.listTickets', { clientId })).items.length, {
        timeout: 30_000,
      })
      .toBeGreaterThan(0);
    const { items } = await query<{ items: { id: string; number: number }[] }>(staff, 'tickets.listTickets', {
      clientId,
    });
    ticket = items[0] ?? expect.fail('There is no ticket.');
    await staff.goto(`${server.url}/tickets/${ticket.number}`);
    await staff.getByLabel('Reply', { exact: true }).fill('We found what takes the memory and stopped it.');
    await staff.getByLabel('Minutes worked').fill('50');
    await staff.getByLabel('Kind of work').selectOption('project');
    await staff.getByRole('button', { name: 'Send', exact: true }).click();
    await staff.getByText('50 min worked').waitFor();
    // A reply is held for ten seconds, in which it can be taken back.
    await staff.getByText('We found what takes the memory').first().waitFor({ timeout: 30_000 });
    await savePicture(staff, 'alert-to-invoice/2-ticket');
  });

  it('bills the machine and the hour by the contract, each line with its evidence', async () => {
    const firstOfMonth = Temporal.Now.plainDateISO('Europe/London').with({ day: 1 }).toString();
    const line = { productCode: '', unitPriceMinor: 2400 };
    const { agreementId } = await command<{ agreementId: string }>(staff, 'agreements.createAgreement', {
      clientId,
      name: 'Managed service',
      startsOn: firstOfMonth,
      billingPeriod: 'monthly',
      currency: 'GBP',
      lines: [
        { ...line, kind: 'per-device', description: 'Managed machine' },
        {
          ...line,
          kind: 'time-and-materials',
          description: 'Project work',
          unitPriceMinor: 12_000,
          workTypes: ['project'],
          roundToMinutes: 15,
        },
      ],
    });
    await staff.goto(`${server.url}/billing/contracts?open=${agreementId}`);
    await staff.getByRole('button', { name: 'Put into force' }).click();
    await staff.getByRole('button', { name: 'Draft the next invoice' }).click();
    await staff.waitForURL(/\/billing\?.*open=/);
    invoiceId = new URL(staff.url()).searchParams.get('open') ?? '';
    await staff.getByText('Managed machine').waitFor();
    await staff
      .getByRole('button', { name: /Show what was counted/ })
      .first()
      .click();
    await savePicture(staff, 'alert-to-invoice/3-draft');
    const lines = await query<{ lines: { description: string; netMinor: number; evidenceCount: number }[] }>(
      staff,
      'billing.getInvoice',
      { invoiceId },
    );
    expect(lines.lines.find(({ description }) => description === 'Managed machine')).toMatchObject({
      netMinor: 2400,
      evidenceCount: 1,
    });
  });

  it('approves it under a number, with a PDF', async () => {
    await staff.getByRole('button', { name: 'Approve…' }).click();
    await staff.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click();
    await staff.getByRole('button', { name: 'Send', exact: true }).waitFor();
    ({ number: invoiceNumber } = await query<{ number: string }>(staff, 'billing.getInvoice', { invoiceId }));
    const pdf = await staff.request.get(`${server.url}/api/v1/invoices/${invoiceId}/pdf`);
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
    await staff.getByRole('button', { name: 'Send', exact: true }).click();
    await staff.getByRole('button', { name: 'Paid today' }).waitFor();
    await savePicture(staff, 'alert-to-invoice/4-sent');
  });

  it('is seen by the client’s contact, who answers and sends a file', async () => {
    contact = await openPage();
    await signInContact(contact, server, HARTLEY.email);
    await contact.goto(`${server.url}/portal/requests/${ticket.id}`);
    await contact.getByText('We found what takes the memory').waitFor();
    await contact.getByLabel('Write to us').fill('Thank you, it is quick again.');
    await contact.locator('input[type=file]').setInputFiles({
      name: 'before-and-after.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('before: 98 %, after: 40 %\n'),
    });
    await contact.getByText('ready').waitFor();
    await contact.getByRole('button', { name: /^Send/ }).click();
    await contact.getByRole('list', { name: 'What was written' }).getByText('it is quick again').waitFor();
    await savePicture(contact, 'alert-to-invoice/5-portal-request');
    await contact.goto(`${server.url}/portal/invoices`);
    await contact.getByText(invoiceNumber).waitFor();
    await savePicture(contact, 'alert-to-invoice/6-portal-invoices');
  });

  it('shows the answer and the file to the staff', async () => {
    await staff.goto(`${server.url}/tickets/${ticket.number}`);
    await staff.getByText('it is quick again').first().waitFor();
    await staff.getByText('before-and-after.txt').first().waitFor();
  });

  it('is nothing to a contact of another client', async () => {
    const other = await openPage();
    await signInContact(other, server, MERIDIAN.email);
    for (const path of [`requests/${ticket.id}`, `invoices/${invoiceId}`]) {
      await other.goto(`${server.url}/portal/${path}`);
      await other
        .getByRole('alert')
        .or(other.getByText(/not found|no such|there is no/i))
        .first()
        .waitFor();
      expect(await other.getByText('memory').count()).toBe(0);
    }
    await other.goto(`${server.url}/portal/requests`);
    await other.getByRole('heading', { name: 'Requests' }).waitFor();
    await other.goto(`${server.url}/portal/invoices`);
    await other.getByText('No invoices yet').waitFor();
    const pdf = await other.request.get(`${server.url}/api/v1/invoices/${invoiceId}/pdf`);
    expect(pdf.status()).toBe(404);
    await savePicture(other, 'alert-to-invoice/7-other-client');
  });

  it('lets no page complain', () => {
    expect(complaints.flat()).toEqual([]);
  });
});

async function addClient(page: Page, client: { name: string; contact: string; email: string }): Promise<string> {
  const { clientId } = await command<{ clientId: string }>(page, 'tenancy.createClient', {
    name: client.name,
    timeZone: 'Europe/London',
  });
  await command(page, 'tenancy.createContact', {
    clientId,
    name: client.contact,
    email: client.email,
    portalRole: 'manager',
  });
  return clientId;
}
