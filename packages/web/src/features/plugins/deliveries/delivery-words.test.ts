import { expect, test } from 'vitest';
import { deliveryGist, eventWords, isRetryable } from './delivery-words.ts';

const nothing = { added: 0, changed: 0, deleted: 0, refused: 0, nudged: 0 };

test('a delivery is told by what it did, and nothing else', () => {
  expect(deliveryGist(nothing)).toBe('');
  expect(deliveryGist({ ...nothing, added: 2, deleted: 1 })).toBe('2 new, 1 gone');
  expect(deliveryGist({ ...nothing, refused: 1, nudged: 1 })).toBe('1 refused, 1 stream read again');
  expect(deliveryGist({ ...nothing, nudged: 2 })).toBe('2 streams read again');
});

test('an event that is not known yet is shown as it is', () => {
  expect(eventWords('invoice.approved')).toBe('Invoice approved');
  expect(eventWords('ticket.exploded')).toBe('ticket.exploded');
});

test('only what went wrong is tried again', () => {
  expect((['waiting', 'done', 'quarantined', 'unroutable', 'failed'] as const).filter(isRetryable)).toEqual([
    'unroutable',
    'failed',
  ]);
});
