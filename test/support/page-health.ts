import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What counts as a page that stands still (Web Vitals: "good" up to 0.1). */
const MAX_SHIFT = 0.1;

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
  }[];
}

// What runs inside the page is text: these files are typed for Node, where there is no document.
const WATCH_LAYOUT = `
  globalThis.shifts = { value: 0, moved: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      shifts.value += entry.value;
      for (const { node, previousRect: from, currentRect: to } of entry.sources) {
        const element = node instanceof Element ? node : node?.parentElement;
        const box = (rect) => [rect.x, rect.y, rect.width, rect.height].map(Math.round).join(',');
        shifts.moved.push((element?.className ?? 'something gone') + ' ' + box(from) + ' → ' + box(to));
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** Sums what moves on its own on every page that this one opens; read by `layoutShift`. */
export async function watchLayout(page: Page): Promise<void> {
  await page.addInitScript({ content: WATCH_LAYOUT });
}

/** Waits until the screen has what it asked for: nothing loads, and no skeleton is left. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await page.locator('main').first().waitFor();
  const loading = page.locator('[aria-busy="true"], .breathe, [role="status"][aria-label^="Loading"]');
  while ((await loading.count()) > 0) await loading.first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}

/** What moved by itself since the page was opened, as a complaint; null when it stood still. */
export async function layoutShift(page: Page): Promise<string | null> {
  const shifts = await page.evaluate<{ value: number; moved: string[] }>('globalThis.shifts');
  if (shifts.value <= MAX_SHIFT) return null;
  return `moved by ${shifts.value.toFixed(3)}: ${[...new Set(shifts.moved)].slice(0, 3).join(' | ')}`;
}

/** Rules that a narrow window can break where a wide one keeps them; the others cost seconds and find the same twice. */
const NARROW = ['target-size', 'scrollable-region-focusable', 'aria-hidden-focus', 'button-name', 'link-name', 'label'];

/** What axe finds serious or critical, one line each; of colours or of narrow windows alone, where the rest was looked at under others. */
export async function accessibilityFaults(page: Page, rules: 'all' | 'colours' | 'narrow' = 'all'): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResult>(
    rules === 'all'
      ? 'axe.run()'
      : `axe.run({ runOnly: ${JSON.stringify(rules === 'narrow' ? NARROW : ['color-contrast'])} })`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const [first] = nodes;
      return `${id} (${nodes.length}×): ${String(first?.target[0])} ${first?.failureSummary?.split('\n')[1]?.trim() ?? ''}`;
    });
}

/** Whether the page is wider than its window, which on a phone means to scroll sideways. */
export async function sidewaysScroll(page: Page): Promise<string | null> {
  const extra = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  return extra > 1 ? `is ${extra}px wider than the window` : null;
}
