import { createSignal } from 'solid-js';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'compact' | 'regular' | 'roomy';

interface Appearance {
  readonly theme: Theme;
  readonly density: Density;
}

// `public/appearance.js` reads the same key before the first paint.
const STORAGE_KEY = 'bailiwick.appearance';

function readStored(): Appearance {
  const { theme, density } = document.documentElement.dataset;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    density: density === 'compact' || density === 'roomy' ? density : 'regular',
  };
}

const [appearance, setAppearance] = createSignal<Appearance>(readStored());

export { appearance };

/** Changes theme or density for this browser, at once and for the next visits. */
export function changeAppearance(change: Partial<Appearance>): void {
  const next = setAppearance((current) => ({ ...current, ...change }));
  const root = document.documentElement;
  if (next.theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = next.theme;
  root.dataset['density'] = next.density;
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
  } catch {
    // Without storage the choice holds until the page is left.
  }
}

const systemDark = matchMedia('(prefers-color-scheme: dark)');
const [isSystemDark, setSystemDark] = createSignal(systemDark.matches);
systemDark.addEventListener('change', (event) => setSystemDark(event.matches));

/** Whether dark is drawn now. For canvases only: everything else gets its colours from the tokens. */
export function isDark(): boolean {
  const { theme } = appearance();
  return theme === 'system' ? isSystemDark() : theme === 'dark';
}
