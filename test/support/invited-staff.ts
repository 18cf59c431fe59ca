import type { Page } from 'playwright-core';
import { totpCode } from './totp.ts';

const PASSWORD = 'seven quiet herons land';

/** Follows an invitation as a new colleague does, and leaves the page in the console. */
export async function acceptInvitation(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Your password, once more').fill(PASSWORD);
  await page.getByRole('button', { name: 'Use an authenticator app' }).click();
  const key = await page.locator('code').innerText();
  await page.getByLabel('Six digits').fill(totpCode(`otpauth://totp/Bailiwick?secret=${key.replaceAll(/\s/g, '')}`));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'I have stored them' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}
