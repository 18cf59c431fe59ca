import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { ADMINISTRATOR, setupLink, setUpUntilCode } from '../support/first-administrator.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { totpCode } from '../support/totp.ts';
import { openContext, savePicture, watchPage } from '../support/web-page.ts';

describe('the first start', () => {
  const dataDir = scratchFolder();
  let server: ServerProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: readonly string[];
  let link: string;
  let uri: string;
  let recoveryCodes: string[];

  beforeAll(async () => {
    server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off' } });
    link = await setupLink(server);
    browser = await launchBrowser();
    context = await openContext(browser);
    page = await context.newPage();
    complaints = watchPage(page);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    removeFolder(dataDir);
  });

  it('names the field that is wrong and keeps what was typed', async () => {
    await page.goto(link);
    await page.getByLabel('Your name').fill(ADMINISTRATOR.name);
    await page.getByLabel('Your e-mail').fill(ADMINISTRATOR.email);
    await page.getByLabel('Name of your MSP').fill(ADMINISTRATOR.msp);
    await page.getByLabel('Password').fill(ADMINISTRATOR.password);
    expect(await page.getByLabel('Time zone').inputValue()).toBe('Europe/London');
    await page.getByLabel('Time zone').fill('Mars/Phobos');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect.poll(() => page.getByLabel('Time zone').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Your e-mail').inputValue()).toBe(ADMINISTRATOR.email);
    await savePicture(page, 'first-start/1-set-up');
  });

  it('leads from the printed link to the authenticator app', async () => {
    uri = await setUpUntilCode(page, link);
    expect(await page.getByRole('img', { name: 'QR code for the authenticator app' }).isVisible()).toBe(true);
    await savePicture(page, 'first-start/2-scan');
  });

  it('refuses a wrong code', async () => {
    const right = totpCode(uri);
    await page.getByLabel('Six digits').fill(right === '123456' ? '654321' : '123456');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('alert').waitFor();
    await savePicture(page, 'first-start/3-wrong-code');
    expect(await page.getByRole('alert').innerText()).toMatch(/code/i);
  });

  it('shows recovery codes once, then the console of the named MSP', async () => {
    await page.getByLabel('Six digits').fill(totpCode(uri));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('button', { name: 'I have stored them' }).waitFor();
    recoveryCodes = await page.getByRole('listitem').allInnerTexts();
    expect(recoveryCodes.length).toBeGreaterThanOrEqual(8);
    await savePicture(page, 'first-start/4-recovery-codes');
    await page.getByRole('button', { name: 'I have stored them' }).click();
    const rail = page.getByRole('navigation', { name: 'Main' });
    await rail.getByText(ADMINISTRATOR.msp).waitFor();
    await expect.poll(() => page.getByText('Live', { exact: true }).count()).toBe(1);
    await savePicture(page, 'first-start/5-console');
  });

  it('asks for password and code after signing out, and takes both', async () => {
    await page.getByRole('button', { name: new RegExp(ADMINISTRATOR.name) }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('E-mail').fill(ADMINISTRATOR.email);
    await page.getByLabel('Password').fill('not the password at all');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(ADMINISTRATOR.password);
    await savePicture(page, 'first-start/6-sign-in');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Code').fill(totpCode(uri, 40));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Code').fill(totpCode(uri));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
  });

  it('goes back to the address that was asked for, with a recovery code that then is used up', async () => {
    await signOut(page);
    await page.goto(`${server.url}/no-such-screen?client=x`);
    const code = recoveryCodes[0] ?? '';
    await signInWith(page, code);
    await expect.poll(() => new URL(page.url()).pathname).toBe('/no-such-screen');
    await signOut(page);
    await signInWith(page, code);
    await page.getByRole('alert').waitFor();
  });

  it('refuses the link that was used', async () => {
    const other = await openContext(browser);
    const visitor = await other.newPage();
    await visitor.goto(link);
    await visitor.getByLabel('Your name').fill('Mallory');
    await visitor.getByLabel('Your e-mail').fill('mallory@example.com');
    await visitor.getByLabel('Name of your MSP').fill('Mallory');
    await visitor.getByLabel('Password').fill('another long password');
    await visitor.getByRole('button', { name: 'Continue' }).click();
    expect(await visitor.getByRole('alert').innerText()).toContain('does not work any more');
    await savePicture(visitor, 'first-start/7-used-link');
    await other.close();
  });

  it('leads strangers of either door to its sign-in', async () => {
    const other = await openContext(browser);
    const visitor = await other.newPage();
    await visitor.goto(`${server.url}/settings`);
    await visitor.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
    await visitor.goto(`${server.url}/portal`);
    await visitor.getByRole('button', { name: 'Send me the link' }).waitFor();
    await visitor.getByText(ADMINISTRATOR.msp, { exact: true }).waitFor();
    await savePicture(visitor, 'first-start/8-portal-sign-in');
    await other.close();
  });

  it('lets no page complain', () => {
    expect(complaints).toEqual([]);
  });
});

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: new RegExp(ADMINISTRATOR.name) }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail').waitFor();
}

async function signInWith(page: Page, code: string): Promise<void> {
  await page.getByLabel('E-mail').fill(ADMINISTRATOR.email);
  await page.getByLabel('Password').fill(ADMINISTRATOR.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
