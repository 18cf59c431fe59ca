import { describe, expect, it } from 'vitest';
import { inOrder, STANDARD_VIEWS, viewSettings } from './view-settings.ts';

describe('inOrder', () => {
  const views = [{ key: 'a' }, { key: 'b' }, { key: 'c' }];
  it('follows a person’s order, hides what they hide, and keeps what is new behind', () => {
    const places = [
      { view: 'c', isHidden: false },
      { view: 'gone', isHidden: false },
      { view: 'a', isHidden: true },
    ];
    expect(inOrder(views, places)).toEqual([
      { key: 'c', isHidden: false },
      { key: 'a', isHidden: true },
      { key: 'b', isHidden: false },
    ]);
  });
});

describe('viewSettings', () => {
  it('takes every standard view', () => {
    for (const { settings } of STANDARD_VIEWS) expect(viewSettings.safeParse(settings).success).toBe(true);
  });
  it('refuses a column twice, one that is none, and no column', () => {
    const wrong = [[{ key: 'status' }, { key: 'status' }], [{ key: 'secret' }], []];
    for (const columns of wrong) expect(viewSettings.safeParse({ filter: {}, columns }).success).toBe(false);
  });
});
