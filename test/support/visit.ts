import type { Page } from 'playwright-core';
import { accessibilityFaults, layoutShift, settle, sidewaysScroll } from './page-health.ts';
import { savePicture } from './web-page.ts';

/** Opens an address, looks at it in light and in dark, and answers what is wrong with it, one line each; `again` once it was looked at in a wide window: what a narrow one can break. */
export async function visit(
  page: Page,
  url: string,
  picture: string,
  look: 'whole' | 'again' = 'whole',
): Promise<string[]> {
  await page.goto(url);
  await settle(page);
  const faults: (string | null)[] = [await layoutShift(page), await sidewaysScroll(page)];
  const error = page.getByText(/could not be loaded|did not answer|did not foresee|no such page/i).first();
  if (await error.isVisible()) faults.push(`says “${await error.innerText()}”`);
  for (const theme of look === 'whole' ? (['light', 'dark'] as const) : (['light'] as const)) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    // Colours that fade over would be seen half-way.
    await page.waitForTimeout(200);
    await savePicture(page, `${picture}-${theme}`);
    const rules = look === 'again' ? 'narrow' : theme === 'light' ? 'all' : 'colours';
    for (const fault of await accessibilityFaults(page, rules)) faults.push(`${theme}: ${fault}`);
  }
  return faults.filter((fault) => fault !== null);
}
