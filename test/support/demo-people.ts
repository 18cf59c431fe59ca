import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { ServerProcess } from './server-process.ts';
import { totpCode } from './totp.ts';

/** How a member of the demo's staff signs in. */
export interface DemoPerson {
  readonly email: string;
  readonly password: string;
  readonly totpUri: string;
}

/** The demo's first administrator, from what the server printed. */
export function demoAdministrator(server: Pick<ServerProcess, 'output'>): DemoPerson {
  const match = /\(administrator[^)]*\)\s+(\S+@\S+)\s+password (\S+)\s+authenticator secret (\S+)/.exec(
    server.output(),
  );
  const [, email, password, secret] = match ?? [];
  if (email === undefined || password === undefined || secret === undefined)
    throw new Error(`The server printed no administrator: ${server.output()}`);
  return { email, password, totpUri: `otpauth://totp/Bailiwick?secret=${secret}` };
}

/** Signs a person in and leaves the page in the console. */
export async function signInStaff(page: Page, url: string, person: DemoPerson): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Code').fill(totpCode(person.totpUri));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('link', { name: 'Inbox' }).waitFor({ state: 'attached' });
}

/** Signs a contact in by the link in the mail, as they do, and leaves the page in the portal. */
export async function signInContact(
  page: Page,
  server: { url: string; dataDir: string },
  email: string,
): Promise<void> {
  await page.goto(`${server.url}/portal/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send me the link' }).click();
  const link = await mailedLink(server.dataDir, email);
  await page.goto(link);
  await page.getByRole('button', { name: 'Enter the portal' }).click();
  await page.waitForURL(/\/portal\/(?!enter)/);
}

/** The newest link into the portal that was mailed to somebody. */
export async function mailedLink(dataDir: string, email: string): Promise<string> {
  for (let tries = 0; tries < 150; tries += 1) {
    const links = mails(dataDir)
      .filter((mail) => mail.includes(email))
      .map((mail) => /http\S+\/portal\/enter[?#]\S+/.exec(mail)?.[0]);
    const link = links.findLast((one) => one !== undefined);
    if (link !== undefined) return link;
    await setTimeout(100);
  }
  throw new Error(`No link was mailed to ${email}.`);
}

/** The text of every mail in the data folder, oldest first, with soft line breaks joined. */
function mails(dataDir: string): string[] {
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.eml'))
    .toSorted((a, b) => (a.split('/').at(-1) ?? '').localeCompare(b.split('/').at(-1) ?? ''))
    .map((file) =>
      readFileSync(join(dataDir, file), 'utf8')
        .replaceAll(/=\r?\n/g, '')
        .replaceAll('=3D', '='),
    );
}
