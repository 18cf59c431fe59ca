import { afterAll, beforeAll, expect, test } from 'vitest';
import { BadVendor, device, type BadAnswer } from '../../../../../test/support/bad-vendor.ts';
import { ChangeStream } from './change-stream.ts';
import { EntityQueries, listRecordsInput } from './record-queries.ts';

let bad: BadVendor;

beforeAll(async () => {
  bad = await BadVendor.start();
});
afterAll(async () => bad[Symbol.asyncDispose]());

async function devices() {
  const input = listRecordsInput.parse({ entity: 'device', clientId: bad.clientIds[0], limit: 200 });
  return (await bad.app.container.resolve(EntityQueries).list(bad.scope, input)).items;
}

/** Reads what the vendor says, gives the issues, and shows that nothing was deleted and that all is well again afterwards. */
async function issuesWith(said: Record<string, BadAnswer>) {
  const before = await devices();
  bad.said = said;
  await bad.readAll();
  const found = await bad.issues();
  expect((await devices()).length).toBeGreaterThanOrEqual(before.length);
  expect(JSON.stringify(found)).not.toContain(BadVendor.secret);
  const site = (await bad.scopes()).find(({ externalId }) => externalId === 'a')?.id;
  for (const { remoteScopeId } of found) expect(remoteScopeId).toBe(site);
  bad.said = {};
  await bad.readAll();
  expect(await bad.issues()).toEqual([]);
  return found;
}

const wellKnown = Array.from({ length: 10 }, (_, id) => device(id));

const text = (body: string) => () => ({ text: body });
const items = (list: string) => text(`{"items":${list}}`);
const allDevices = (more: string): string => `[${wellKnown.map((one) => JSON.stringify(one)).join()},${more}]`;

test.for<[what: string, stream: string, answer: BadAnswer, title: RegExp]>([
  ['a page of HTML', 'devices', text('<html>Sign in</html>'), /is no JSON \(status 200\)/],
  ['truncated JSON', 'devices', text('{"items":[{"id":"0","da'), /is no JSON/],
  [
    'an error that quotes the token',
    'devices',
    () => ({ status: 422, text: `bad ${BadVendor.secret}\0\u{1F600}` }),
    /bad \[secret\]/,
  ],
  ['a page that repeats', 'devices', text(JSON.stringify({ items: wellKnown, next: 1 })), /goes round/],
  [
    'pages that are counted on without end',
    'devices',
    (page) => ({ text: JSON.stringify({ items: wellKnown, next: page + 1, cursor: page }) }),
    /goes round/,
  ],
  ['a list that is none', 'devices', text('{"items":"none"}'), /"upserts" must be a list/],
  [
    'a cursor of 10 MB',
    'devices',
    text(JSON.stringify({ items: [], cursor: 'x'.repeat(10_000_000) })),
    /cursor is larger than 8 KiB/,
  ],
  [
    '6,000 records at once',
    'devices',
    items(JSON.stringify(Array.from({ length: 6000 }, (_, id) => device(id)))),
    /more than 5000/,
  ],
])('%s ends the pass as the plugin’s or the vendor’s fault', async ([, stream, answer, title]) => {
  const found = await issuesWith({ [stream]: answer });
  expect(found).toMatchObject([
    { key: `stream-${stream}`, severity: 'error', title: expect.stringMatching(title) as string },
  ]);
});

test.for<[what: string, stream: string, list: string, title: RegExp]>([
  [
    'ids that are numbers now',
    'devices',
    JSON.stringify(wellKnown.map((one, id) => ({ ...one, id }))),
    /^10 records.*id: must be a text/,
  ],
  ['an id twice', 'devices', allDevices(JSON.stringify(device(3))), /^1 records.*3: the id is twice/],
  [
    'a name of 1 MB',
    'devices',
    allDevices(JSON.stringify({ id: 'n', data: { name: 'n'.repeat(1_000_000) } })),
    /n: data.name: must have at most \d+ characters/,
  ],
  [
    'a null character in a text',
    'devices',
    allDevices('{"id":"n","data":{"name":"a\\u0000b"}}'),
    /without broken or null characters/,
  ],
  [
    'half of a surrogate pair',
    'devices',
    allDevices('{"id":"n","data":{"name":"a\\ud83d"}}'),
    /without broken or null characters/,
  ],
  [
    'a null character in an id',
    'devices',
    allDevices('{"id":"n\\u0000","data":{"name":"n"}}'),
    /: n: id: has broken or null/,
  ],
  [
    'a null character in the name of a field',
    'devices',
    allDevices('{"id":"n","data":{"name":"n","a\\u0000\\ud83d":1}}'),
    /is not a known field/,
  ],
  [
    '__proto__ as a field',
    'devices',
    allDevices('{"id":"n","data":{"name":"n","__proto__":{"isAdmin":true}}}'),
    /data.__proto__: is not a known field/,
  ],
  [
    'a number beyond all',
    'licences',
    '[{"id":"l","data":{"name":"P","sku":"p","total":1e999,"assigned":1}}]',
    /data.total: /,
  ],
  [
    'a number that is none',
    'licences',
    '[{"id":"l","data":{"name":"P","sku":"p","total":"NaN","assigned":1}}]',
    /data.total: must be a (whole )?number/,
  ],
  [
    'a record of 300 KB',
    'things',
    JSON.stringify([{ id: 't', data: { text: 'x'.repeat(300_000) } }]),
    /256 KiB at most/,
  ],
  [
    'a record deeper than 32 levels',
    'things',
    `[{"id":"t","data":{"a":${'['.repeat(40)}${']'.repeat(40)}}}]`,
    /must be an object of JSON/,
  ],
  ...['+275760-09-13T00:00:00Z', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00+01:00', '9999-12-31T23:59:59-01:00'].map(
    (at): [string, string, string, RegExp] => [
      `the time ${at}`,
      'alerts',
      `[{"id":"p","data":{"device":"0","title":"Down","severity":"critical","state":"open","openedAt":"${at}"}}]`,
      /data.openedAt: must be a time/,
    ],
  ),
])('%s: the record is refused, what was known of it stays', async ([, stream, list, title]) => {
  const found = await issuesWith({ [stream]: items(list) });
  expect(found).toMatchObject([
    { key: `refused-${stream}`, severity: 'warning', title: expect.stringMatching(title) as string },
  ]);
});

test('the first and the last time that there is are kept', async () => {
  const alerts = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'].map((openedAt) => ({
    id: openedAt,
    data: { device: '0', title: 'Down', severity: 'critical', state: 'open', openedAt },
  }));
  bad.healthy['alerts'] = alerts;
  expect(await issuesWith({})).toEqual([]);
});

test('keys that mean something to JavaScript are only data of a plugin’s own type', async () => {
  await issuesWith({ things: items('[{"id":"t","data":{"__proto__":{"isAdmin":true},"constructor":1}}]') });
  expect('isAdmin' in {}).toBe(false);
});

test('5,000 records that vanish are kept until a person accepts it, and a fifth that vanishes needs nobody', async () => {
  // The first is the one that was there before.
  const thing = (id: number) => ({ id: id === 0 ? 't' : `${id}`, data: { id } });
  const first =
    (count: number): BadAnswer =>
    (page) => {
      const from = page * 1000;
      const list = Array.from({ length: Math.min(1000, count - from) }, (_, index) => thing(from + index));
      return { text: JSON.stringify({ items: list, ...(from + 1000 < count ? { next: page + 1 } : {}) }) };
    };
  const stream = async () => {
    const all = await bad.streams();
    return all.find(({ name, clientId }) => name === 'things' && clientId === bad.clientIds[0]) ?? expect.fail('none');
  };
  const readWith = async (things: BadAnswer) => {
    bad.said = { things };
    await bad.readAll();
    return [(await stream()).liveCount, (await bad.issues()).map(({ key, title }) => `${key}: ${title}`)];
  };
  const missing = (count: number, of: number): string =>
    `held-back-things: ${count} of ${of} records of things are missing from the vendor's list. None was deleted.`;
  expect(await readWith(first(5000))).toEqual([5000, []]);
  expect(await readWith(first(3999))).toEqual([5000, [missing(1001, 5000)]]);
  expect(await readWith(first(4000))).toEqual([4000, []]);
  expect(await readWith(items('[]'))).toEqual([4000, [missing(4000, 4000)]]);
  const { id, version } = await stream();
  await bad.app.container.resolve(ChangeStream).acceptDeletion(bad.scope, { streamId: id as never, version });
  expect(await readWith(items('[]'))).toEqual([0, []]);
}, 120_000);
