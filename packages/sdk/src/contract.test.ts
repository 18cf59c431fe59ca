import { expect, expectTypeOf, test } from 'vitest';
import {
  defineAction,
  defineConnection,
  definePlugin,
  defineStream,
  field,
  paginate,
  VendorBug,
  type ConfigOf,
  type EntityData,
} from './index.ts';

const config = { url: field.url(), token: field.secret(), region: field.choice(['eu', 'us'], { optional: true }) };
const account = defineConnection({
  name: 'account',
  label: 'Account',
  config,
  baseUrl: '{config.url}',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'X-Key', value: '{secret.token}' }] },
  async check(ctx) {
    expectTypeOf(ctx.config.url).toEqualTypeOf<string>();
    expectTypeOf(ctx.config.region).toEqualTypeOf<'eu' | 'us' | undefined>();
    return { account: ctx.config.url };
  },
});

test('a secret is no part of what a plugin sees as its configuration', () => {
  expectTypeOf<ConfigOf<typeof config>>().toHaveProperty('url');
  expectTypeOf<ConfigOf<typeof config>>().not.toHaveProperty('token');
  expectTypeOf<EntityData<'licence'>['total']>().toEqualTypeOf<number>();
});

test('contributions of one connection type make a plugin', () => {
  const devices = defineStream(account, {
    name: 'devices',
    label: 'Devices',
    entity: 'device',
    mode: 'full',
    grain: 'connection',
    every: 'PT5M',
    async *read(ctx) {
      yield { upserts: [{ id: '1', scope: 'a', data: { name: ctx.config.url } }] };
    },
  });
  const reboot = defineAction(account, {
    name: 'reboot',
    label: 'Reboot',
    input: { target: field.entity('device'), force: field.boolean({ optional: true }) },
    effect: 'execute',
    grain: 'scope',
    target: 'device',
    idempotency: 'none',
    async plan(_ctx, input) {
      expectTypeOf(input.target).toEqualTypeOf<string>();
      return { summary: input.target, changes: [], affected: [], isReversible: false, disruption: 'brief' };
    },
    async apply() {
      return { summary: 'done' };
    },
  });
  const plugin = definePlugin({ connections: [account], streams: [devices], actions: [reboot] });
  expect(plugin.streams?.map(({ name, connection }) => `${connection}.${name}`)).toEqual(['account.devices']);
});

test('pages that go round in circles end as the bug of the vendor', async () => {
  const walk = async () => {
    const items: number[] = [];
    for await (const page of paginate<number, number>(undefined, async (at) => ({
      items: [at ?? 0],
      next: at === 2 ? 1 : (at ?? 0) + 1,
    })))
      items.push(...page.items);
    return items;
  };
  await expect(walk()).rejects.toThrow(VendorBug);
});
