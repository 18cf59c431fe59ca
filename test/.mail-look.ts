import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { launchBrowser } from './support/browser.ts';
import { command, query } from './support/call-api.ts';
import { setUpServer } from './support/first-administrator.ts';
import { watchLayout } from './support/page-health.ts';
import { freePort, removeFolder, scratchFolder, startServerProcess } from './support/server-process.ts';
import { visit } from './support/visit.ts';
import { openContext, watchPage } from './support/web-page.ts';

const dataDir = scratchFolder();
const smtp = await freePort();
const server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off', SMTP_LISTEN_PORT: String(smtp) } });
const browser = await launchBrowser();
try {
  const page = await (await openContext(browser)).newPage();
  await watchLayout(page);
  const complaints = watchPage(page);
  await setUpServer(page, server);
  const { clientId } = await command<{ clientId: string }>(page, 'tenancy.createClient', { name: 'Hartley & Sons', timeZone: 'Europe/London' });
  await command(page, 'tenancy.createContact', { clientId, name: 'Jo Hartley', email: 'jo@hartley.example', portalRole: 'member' });
  await command(page, 'mail-inbox.createMailbox', { name: 'Support', address: 'support@northgate.example', settings: { kind: 'smtp' }, secrets: {}, trustedAuthservId: 'mx.northgate.example', defaultClientId: null, defaultQueue: null });
  const send = (from: string, lines: string[]) => new Promise<void>((resolve, reject) => {
    const socket = createConnection(smtp, '127.0.0.1');
    const steps = ['EHLO x', `MAIL FROM:<${from}>`, 'RCPT TO:<support@northgate.example>', 'DATA', `${lines.join('\r\n')}\r\n.`, 'QUIT'];
    socket.on('error', reject);
    socket.on('close', () => resolve());
    let buffer = '';
    socket.on('data', (data) => {
      buffer += data.toString();
      if (/^\d{3} .*\r\n$/m.test(buffer)) { console.log(buffer.trim().split('\n').at(-1)); buffer = ''; const next = steps.shift(); if (next !== undefined) socket.write(`${next}\r\n`); }
    });
  });
  const html = '<div dir="ltr">The <b>printer</b> on floor 2 smokes.<div><br></div><div>Jo</div></div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, 16 Nov 2026 at 10:00, Desk &lt;d@m.e&gt; wrote:<br></div><blockquote class="gmail_quote"><p>How is it going?</p></blockquote></div>';
  const head = (from: string, id: string, subject: string, ...more: string[]) => [`From: ${from}`, 'To: support@northgate.example', `Subject: ${subject}`, `Message-ID: <${id}@x>`, ...more];
  await send('jo@hartley.example', [...head('Jo Hartley <jo@hartley.example>', 'a', 'Printer smokes', 'Cc: Ann <ann@vendor.example>', 'Content-Type: text/html; charset=utf-8'), '', html]);
  await send('x@y.example', [...head('Sam Stranger <sam@stranger.example>', 'b', 'Quotation for 200 chairs'), '', 'Dear Sir or Madam,', '', 'we offer chairs.']);
  await send('x@y.example', [...head('Jo Hartley <jo@hartley.example>', 'c', 'Change my bank account', 'Authentication-Results: mx.northgate.example; spf=fail smtp.mailfrom=y.example; dmarc=fail'), '', 'Please pay to another account.']);
  for (let tries = 0; tries < 60; tries += 1) {
    const { waiting } = await query<{ waiting: number }>(page, 'mail-intake.countQuarantine', {});
    if (waiting === 2) break;
    await page.waitForTimeout(500);
  }
  const { items } = await query<{ items: { id: string; number: number }[] }>(page, 'tickets.listTickets', { tab: 'all' });
  console.log('tickets', items.length);
  const ticketId = items[0]?.id;
  await command(page, 'tickets.replyToTicket', { ticketId, body: 'We are on our way.' });
  await page.waitForTimeout(4000);
  const report: string[] = [];
  report.push(...(await visit(page, `${server.url}/inbox/mail`, 'mail/1-list')));
  await page.getByText('Change my bank account').first().click();
  await page.waitForTimeout(800);
  report.push(...(await visit(page, page.url(), 'mail/2-panel')));
  await page.getByRole('button', { name: 'New ticket' }).click();
  await page.waitForTimeout(500);
  await page.screenshot({ path: '/tmp/mail-look-3-dialog.png' });
  await page.keyboard.press('Escape');
  report.push(...(await visit(page, `${server.url}/tickets/${items[0]?.number}`, 'mail/4-ticket')));
  await page.getByRole('button', { name: 'by mail' }).first().click();
  await page.waitForTimeout(500);
  await page.screenshot({ path: '/tmp/mail-look-5-details.png' });
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  report.push(...(await visit(page, `${server.url}/inbox/mail`, 'mail/6-phone-list')));
  await page.getByText('Change my bank account').first().click();
  await page.waitForTimeout(800);
  report.push(...(await visit(page, page.url(), 'mail/7-phone-panel')));
  report.push(...(await visit(page, `${server.url}/tickets/${items[0]?.number}`, 'mail/8-phone-ticket')));
  console.log('faults', report, 'complaints', complaints);
  writeFileSync('/tmp/mail-look-done', '');
} finally {
  await browser.close();
  await server[Symbol.asyncDispose]();
  removeFolder(dataDir);
}
