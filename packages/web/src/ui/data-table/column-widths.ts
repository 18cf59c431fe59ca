import { createSignal } from 'solid-js';

type Widths = Readonly<Record<string, number>>;

const MIN_COLUMN_PX = 48;
const MAX_COLUMN_PX = 1200;

/** The widths in a stored text. Anything that is no width is left out: the text may be an older version's, or somebody's. */
export function readWidths(text: string | null): Widths {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value)
        .filter((entry): entry is [string, number] => Number.isFinite(entry[1]))
        .map(([key, width]) => [key, clampWidth(width)]),
    );
  } catch {
    return {};
  }
}

/** A width that a column can be drawn and grabbed at. */
export function clampWidth(widthPx: number): number {
  return Math.round(Math.min(Math.max(widthPx, MIN_COLUMN_PX), MAX_COLUMN_PX));
}

/** The widths that somebody gave to the columns of one table, kept in this browser. */
export function createColumnWidths(table: string): {
  readonly widths: () => Widths;
  readonly setWidth: (column: string, widthPx: number) => void;
  readonly keep: () => void;
} {
  const storageKey = `bailiwick.columns.${table}`;
  const [widths, setWidths] = createSignal<Widths>(readWidths(readStored(storageKey)));
  return {
    widths,
    setWidth: (column, widthPx) => setWidths((current) => ({ ...current, [column]: clampWidth(widthPx) })),
    keep: () => {
      try {
        localStorage.setItem(storageKey, JSON.stringify(widths()));
      } catch {
        // Without storage they hold until the page is left.
      }
    },
  };
}

function readStored(storageKey: string): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
