import type { JSX } from 'solid-js';

/** A column of a `DataTable`. */
export interface Column<Row> {
  readonly key: string;
  /** With its unit where the cells are numbers: "Disk, GiB". */
  readonly heading: string;
  readonly cell: (row: Row) => JSX.Element;
  /** Start width in pixels; without it the column shares what is left. */
  readonly widthPx?: number;
  readonly isNumeric?: boolean;
  /** Shown only from this width of the screen on; the first columns should never need it. */
  readonly from?: 'md' | 'lg' | 'wide';
  /** Read aloud, not drawn, as over a mark. */
  readonly isHeadingHidden?: boolean;
}

/** The classes that a column's heading and cells share. */
export function columnClass<Row>(column: Column<Row>): string {
  return column.isNumeric === true ? 'justify-end text-right tabular-nums' : '';
}
