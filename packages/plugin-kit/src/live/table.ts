import type { Json } from '@bailiwick/sdk';

/** Rows beyond it are counted, not shown. */
const MAX_ROWS = 12;
const GAP = '  ';

/** One row: texts by the name of their column. */
export type Row = Readonly<Record<string, string>>;

/** Rows as a terminal shows them, each line no wider than `width`; columns are those of all rows, in the order in which they first come. */
export function table(rows: readonly Row[], width: number): string {
  const shown = rows.slice(0, MAX_ROWS);
  const columns = [...new Set(shown.flatMap((row) => Object.keys(row)))];
  const widths = columns.map((column) =>
    Math.min(40, Math.max(column.length, ...shown.map((row) => row[column]?.length ?? 0))),
  );
  const line = (cells: readonly string[]): string =>
    cut(
      cells.map((cell, index) => cut(cell, widths[index] ?? 0).padEnd(widths[index] ?? 0)).join(GAP),
      width,
    ).trimEnd();
  const lines = [line(columns), ...shown.map((row) => line(columns.map((column) => row[column] ?? '')))];
  const more = rows.length - shown.length;
  return [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].map((text) => `    ${text}`).join('\n');
}

/** A value as one cell. */
export function cellOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Control characters of a vendor's texts are not the terminal's to obey.
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ');
}

/** A text that is no longer than this. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
