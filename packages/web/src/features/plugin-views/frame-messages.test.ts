import { describe, expect, it } from 'vitest';
import { makeFrameLimiter, readMessage } from './frame-messages.ts';

describe('readMessage', () => {
  it('takes the two calls of the contract', () => {
    expect(readMessage({ call: 'render', params: { a: [1, null, { b: true }] }, request: 7 })).toEqual({
      call: 'render',
      params: { a: [1, null, { b: true }] },
      request: 7,
    });
    expect(readMessage({ call: 'render' })).toEqual({ call: 'render', params: {}, request: null });
    expect(readMessage({ call: 'open', entity: 'device', id: 'fs-1' })).toEqual({
      call: 'open',
      entity: 'device',
      id: 'fs-1',
      request: null,
    });
  });

  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  it.each([
    ['a text', 'render'],
    ['nothing', null],
    ['a list', [{ call: 'render' }]],
    ['another call', { call: 'evil' }],
    ['a field more', { call: 'render', params: {}, view: 'other' }],
    ['params that are no object', { call: 'render', params: 'none' }],
    ['params too large', { call: 'render', params: { a: 'x'.repeat(70_000) } }],
    ['params in a circle', { call: 'render', params: cycle }],
    ['params that are no JSON', { call: 'render', params: { a: new Map([['b', 1]]) } }],
    ['a number that is none', { call: 'render', params: { a: Number.NaN } }],
    ['a mark that is an object', { call: 'render', request: {} }],
    ['an open without a record', { call: 'open', entity: 'device' }],
    ['an open of an address', { call: 'open', entity: 'device', id: 'a', href: 'https://elsewhere.example' }],
    ['an id too long', { call: 'open', entity: 'device', id: 'x'.repeat(501) }],
  ])('takes not %s', (_, data) => {
    expect(readMessage(data)).toBeNull();
  });
});

it('a frame may send a burst, and then one a second', () => {
  const take = makeFrameLimiter();
  expect(Array.from({ length: 30 }, () => take(1000)).filter(Boolean)).toHaveLength(20);
  expect([take(1500), take(2100), take(2200)]).toEqual([false, true, false]);
});
