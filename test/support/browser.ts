import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

/**
 * Chromium as the package ships it, so that journeys run from a bare clone. Its background services are off: a test's network is this machine.
 */
export async function launchBrowser(): Promise<Browser> {
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-quic',
    '--font-render-hinting=none',
  ];
  // What the package adds for a serverless host would switch off parts of the web platform that we use.
  const kept = chromium.args.filter(
    (argument) =>
      !/^--(single-process|headless|disable-web-security|allow-running-insecure-content|disable-site-isolation-trials|window-size)/.test(
        argument,
      ),
  );
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...kept, ...quiet],
    headless: true,
  });
}
