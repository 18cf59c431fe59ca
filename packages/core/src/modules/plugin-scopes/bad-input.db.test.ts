import { afterAll, beforeAll, expect, test } from 'vitest';
import { BadVendor } from '../../../../../test/support/bad-vendor.ts';

let bad: BadVendor;

beforeAll(async () => {
  bad = await BadVendor.start();
});
afterAll(async () => bad[Symbol.asyncDispose]());

test.for<[what: string, list: () => unknown, title: RegExp]>([
  [
    '100,000 scopes',
    () => Array.from({ length: 100_000 }, (_, id) => ({ id: `${id}`, name: 'S', kind: 'site' })),
    /more than 20000/,
  ],
  [
    'two scopes of one id',
    () => [
      { id: 'a', name: 'A', kind: 'site' },
      { id: 'a', name: 'B', kind: 'site' },
    ],
    /was listed before/,
  ],
  [
    'an id with a null character',
    () => [
      { id: 'a', name: 'A', kind: 'site' },
      { id: 'a\0', name: 'B', kind: 'site' },
    ],
    /null characters/,
  ],
  [
    'an end in the year 275760',
    () => [{ id: 'a', name: 'A', kind: 'site', validUntil: '+275760-09-13T00:00:00Z' }],
    /is no instant/,
  ],
])('%s: discovery changes nothing', async ([, list, title]) => {
  const [before, good] = [await bad.scopes(), bad.sites];
  bad.sites = list();
  await bad.discover();
  expect(await bad.scopes()).toEqual(before);
  expect(await bad.issues()).toMatchObject([
    { key: 'scope-discovery-failed', remoteScopeId: null, title: expect.stringMatching(title) as string },
  ]);
  bad.sites = good;
  await bad.discover();
  expect(await bad.issues()).toEqual([]);
});
