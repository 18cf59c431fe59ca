import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const OUTPUT = fileURLToPath(new URL('../output', import.meta.url));

/** How a page is looked at. */
export interface Look {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** A person's browser: cookies of its own, a zone and a language that the machine does not decide. */
export async function openContext(browser: Browser, look: Look = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    colorScheme: look.theme ?? 'light',
    reducedMotion: 'reduce',
    viewport: { width: look.width ?? 1440, height: look.height ?? 900 },
  });
  context.setDefaultTimeout(30_000);
  return context;
}

/** Keeps what a page complained about; a journey ends by expecting that this is empty. */
export function watchPage(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`${pathOf(page)} threw ${error.message}`));
  page.on('console', (message) => {
    // What a request was answered is shown by the screen, and the tests ask for it there.
    // And a page that asks before it is left asks nobody who never pressed anything on it.
    if (message.type() === 'error' && !/the server responded with a status of|beforeunload/.test(message.text()))
      complaints.push(`${pathOf(page)} logged ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} from ${new URL(response.url()).pathname}`);
  });
  return complaints;
}

/** Saves what the page looks like under `test/output`, to be looked at by a person. */
export async function savePicture(page: Page, name: string): Promise<void> {
  const path = join(OUTPUT, `${name}.png`);
  mkdirSync(join(path, '..'), { recursive: true });
  // A busy machine draws late, and a picture is no claim about speed.
  await page.screenshot({ path, timeout: 60_000 });
}

function pathOf(page: Page): string {
  return new URL(page.url()).pathname;
}
