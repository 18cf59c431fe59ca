/** How a list is divided: the groups in their order, with how many rows each has, loaded or not. */
export interface Grouping<Row> {
  readonly groups: readonly { readonly key: string; readonly label: string; readonly count: number }[];
  readonly keyOf: (row: Row) => string;
  readonly collapsed: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
}

/** A line of the table: a row, or the head of a group. */
export type Line<Row> =
  | { readonly kind: 'row'; readonly row: Row; readonly index: number }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly label: string;
      readonly count: number;
      readonly isCollapsed: boolean;
    };

/**
 * The lines of a list. Rows come group by group; the heads of groups stand before the first of their rows, those of collapsed groups alone. While there is more to load, nothing stands after
 * the last group that has begun: its place is not known to be right yet.
 */
export function linesOf<Row>(rows: readonly Row[], grouping: Grouping<Row> | undefined, hasMore: boolean): Line<Row>[] {
  if (grouping === undefined) return rows.map((row, index) => ({ kind: 'row', row, index }));
  const byGroup = Map.groupBy(rows, grouping.keyOf);
  const begun = grouping.groups.findLastIndex(({ key }) => byGroup.has(key));
  const lines: Line<Row>[] = [];
  let index = 0;
  for (const [place, group] of grouping.groups.entries()) {
    if (hasMore && place > begun) break;
    const isCollapsed = grouping.collapsed.has(group.key);
    const inside = byGroup.get(group.key) ?? [];
    if (inside.length === 0 && !isCollapsed) continue;
    lines.push({ kind: 'group', ...group, isCollapsed });
    if (!isCollapsed) for (const row of inside) lines.push({ kind: 'row', row, index: index++ });
  }
  return lines;
}

/** The rows that are drawn, in their order: what `j` and `k` walk through. */
export function rowsOf<Row>(lines: readonly Line<Row>[]): Row[] {
  return lines.flatMap((line) => (line.kind === 'row' ? [line.row] : []));
}

/** The ids from one row to another, both included, whichever stands first. */
export function rangeOf(ids: readonly string[], from: string | undefined, to: string): string[] {
  const [a, b] = [from === undefined ? -1 : ids.indexOf(from), ids.indexOf(to)];
  if (a === -1 || b === -1) return [to];
  return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}
