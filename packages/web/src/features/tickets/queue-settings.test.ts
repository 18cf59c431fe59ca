import { describe, expect, it } from 'vitest';
import { ANY, columnsText, countText, isEdited, movedBefore, NO_DEVIATION, settingsOf } from './queue-settings.ts';

const view = {
  filter: { tab: 'open' as const, priorities: [1, 2] },
  sort: 'breach' as const,
  groupBy: 'client' as const,
  columns: null,
};

describe('settingsOf', () => {
  it('is the view where the URL says nothing', () => {
    expect(settingsOf(view, NO_DEVIATION)).toEqual(view);
    expect(isEdited(NO_DEVIATION)).toBe(false);
  });
  it('adds, replaces and takes away what the URL says', () => {
    const url = { ...NO_DEVIATION, status: 'new', priority: ANY, assignee: 'me,none', due: 'overdue', by: ANY };
    expect(settingsOf(view, url)).toMatchObject({
      filter: { tab: 'open', statuses: ['new'], assignees: ['me', 'none'], dueWithinMinutes: 0 },
      groupBy: null,
      sort: 'breach',
    });
    expect(settingsOf(view, url).filter).not.toHaveProperty('priorities');
    expect(isEdited(url)).toBe(true);
  });
  it('keeps columns with their widths, and any width drawable', () => {
    const columns = settingsOf(view, { ...NO_DEVIATION, cols: 'subject:320,client,number:1e9' }).columns ?? [];
    expect(columnsText(columns)).toBe('subject:320,client,number:1200');
  });
});

describe('movedBefore', () => {
  it('puts one before another, and nothing where there is no such', () => {
    const items = [{ key: 'a' }, { key: 'b' }, { key: 'c' }];
    const keys = (key: string, before: string) =>
      movedBefore(items, key, before)
        .map((item) => item.key)
        .join('');
    expect([keys('c', 'a'), keys('a', 'c'), keys('x', 'a'), keys('b', 'b')]).toEqual(['cab', 'bac', 'abc', 'abc']);
  });
});

describe('countText', () => {
  it('is exact below a thousand', () => {
    expect([countText(0), countText(999), countText(1000)]).toEqual(['0', '999', '999+']);
  });
});
