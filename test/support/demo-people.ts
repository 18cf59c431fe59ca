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
  const before = mailedLinks(server.dataDir, email).length;
  await page.goto(`${server.url}/portal/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send me the link' }).click();
  const link = await nextLink(server.dataDir, email, before);
  await page.goto(link);
  await page.getByRole('button', { name: 'Enter the portal' }).click();
  await page.waitForURL(/\/portal\/(?!enter)/);
}

/** The link that is mailed to somebody after those that were. */
async function nextLink(dataDir: string, email: string, before: number): Promise<string> {
  for (let tries = 0; tries < 150; tries += 1) {
    const links = mailedLinks(dataDir, email);
    const link = links.at(-1);
    if (links.length > before && link !== undefined) return link;
    await setTimeout(100);
  }
  throw new Error(`No link was mailed to ${email}.`);
}

/** The links into the portal that were mailed to somebody, oldest first. */
function mailedLinks(dataDir: string, email: string): string[] {
  return mails(dataDir)
    .filter((mail) => mail.includes(email))
    .flatMap((mail) => /http\S+\/portal\/enter[?#]\S+/.exec(mail)?.[0] ?? []);
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
