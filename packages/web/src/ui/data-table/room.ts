import { createSignal, onCleanup } from 'solid-js';
import type { Column } from './columns.ts';

type Width = NonNullable<Column<unknown>['from']>;

// The breakpoints of the same names in base.css.
const QUERIES: Readonly<Record<Width, string>> = {
  md: '(min-width: 48rem)',
  lg: '(min-width: 64rem)',
  wide: '(min-width: 70rem)',
};

/** Whether the window is at least so wide, reactive. */
export function createRoom(): (width: Width) => boolean {
  const signals = Object.entries(QUERIES).map(([width, text]) => {
    const query = matchMedia(text);
    const [isMatching, setMatching] = createSignal(query.matches);
    const onChange = (): void => void setMatching(query.matches);
    query.addEventListener('change', onChange);
    onCleanup(() => query.removeEventListener('change', onChange));
    return [width, isMatching] as const;
  });
  const byWidth = new Map<string, () => boolean>(signals);
  return (width) => byWidth.get(width)?.() ?? true;
}
