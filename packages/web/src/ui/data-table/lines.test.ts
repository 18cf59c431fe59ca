import { describe, expect, it } from 'vitest';
import { linesOf, rangeOf, rowsOf, type Grouping } from './lines.ts';

interface Row {
  readonly id: string;
  readonly group: string;
}
const row = (id: string, group: string): Row => ({ id, group });
const grouping = (collapsed: readonly string[] = []): Grouping<Row> => ({
  groups: ['a', 'b', 'c'].map((key) => ({ key, label: key.toUpperCase(), count: 2 })),
  keyOf: ({ group }) => group,
  collapsed: new Set(collapsed),
  onToggle: () => {},
});
const drawn = (lines: ReturnType<typeof linesOf<Row>>): string[] =>
  lines.map((line) => (line.kind === 'row' ? line.row.id : `[${line.key}${line.isCollapsed ? '+' : ''}]`));

describe('linesOf', () => {
  const rows = [row('1', 'a'), row('2', 'a'), row('3', 'b')];
  it('is the rows where nothing divides them', () => {
    expect(drawn(linesOf(rows, undefined, false))).toEqual(['1', '2', '3']);
  });
  it('puts a head before the first row of each group, and none for an empty one', () => {
    expect(drawn(linesOf(rows, grouping(), false))).toEqual(['[a]', '1', '2', '[b]', '3']);
  });
  it('keeps the head of a collapsed group, and numbers the rows that are drawn', () => {
    const lines = linesOf(rows, grouping(['a', 'c']), false);
    expect(drawn(lines)).toEqual(['[a+]', '[b]', '3', '[c+]']);
    expect(lines[2]).toMatchObject({ index: 0 });
    expect(rowsOf(lines).map(({ id }) => id)).toEqual(['3']);
  });
  it('shows nothing after the group that is being loaded', () => {
    expect(drawn(linesOf([row('1', 'a')], grouping(['c']), true))).toEqual(['[a]', '1']);
  });
});

describe('rangeOf', () => {
  it('goes both ways, and is one row where it began nowhere', () => {
    expect(rangeOf(['1', '2', '3'], '3', '1')).toEqual(['1', '2', '3']);
    expect(rangeOf(['1', '2', '3'], '1', '2')).toEqual(['1', '2']);
    expect(rangeOf(['1', '2', '3'], undefined, '2')).toEqual(['2']);
    expect(rangeOf(['1', '2', '3'], 'gone', '2')).toEqual(['2']);
  });
});
