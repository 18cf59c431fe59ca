import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { ServerProcess } from './server-process.ts';
import { totpCode } from './totp.ts';

/** Who sets the server up in a journey. */
export const ADMINISTRATOR = {
  name: 'Mira Keller',
  email: 'mira@northgate.example',
  password: 'four tidy otters row',
  msp: 'Northgate IT',
} as const;

/** The one-time link that the server prints once it is ready. */
export async function setupLink(server: ServerProcess): Promise<string> {
  for (let tries = 0; tries < 50; tries += 1) {
    const link = /(http\S+\/setup#\S+)\s/.exec(server.output())?.[1];
    if (link !== undefined) return link;
    await setTimeout(100);
  }
  throw new Error(`The server printed no link: ${server.output()}`);
}

/** Follows the link as a person does, up to the screen that asks for the code. Answers the `otpauth:` address. */
export async function setUpUntilCode(page: Page, link: string): Promise<string> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(ADMINISTRATOR.name);
  await page.getByLabel('Your e-mail').fill(ADMINISTRATOR.email);
  await page.getByLabel('Name of your MSP').fill(ADMINISTRATOR.msp);
  await page.getByLabel('Time zone').fill('Europe/London');
  await page.getByLabel('Currency').fill('gbp');
  await page.getByLabel('Password').fill(ADMINISTRATOR.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Your password, once more').fill(ADMINISTRATOR.password);
  await page.getByRole('button', { name: 'Use an authenticator app' }).click();
  const key = await page.locator('code').innerText();
  return `otpauth://totp/Bailiwick?secret=${key.replaceAll(/\s/g, '')}`;
}

/** Sets the server up and leaves the page in the console. Answers the `otpauth:` address for later codes. */
export async function setUpServer(page: Page, server: ServerProcess): Promise<string> {
  const uri = await setUpUntilCode(page, await setupLink(server));
  await page.getByLabel('Six digits').fill(totpCode(uri));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'I have stored them' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  return uri;
}
