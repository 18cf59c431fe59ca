import {
  defineAction,
  defineConfig,
  defineConnection,
  definePlugin,
  defineStream,
  defineWebhook,
  field,
  NotSupported,
  paginate,
  scopeOf,
  type Context,
} from '@bailiwick/sdk';

type Id = string | number;

interface User {
  readonly id: Id;
  readonly name: string;
  readonly login: string;
  readonly isBlocked: boolean;
  readonly hasMfa: boolean;
  readonly licences: readonly Id[];
}

/** A member of the list of changes: a user as it is, or the id of one that is gone. */
type Change = User | { readonly id: Id; readonly removed: true };

const partner = defineConnection({
  name: 'partner',
  label: 'Folio partner account',
  config: defineConfig({
    key: field.secret({ label: 'Partner key' }),
    clientState: field.secret({ label: 'Text that notifications carry', optional: true }),
  }),
  baseUrl: 'https://api.folio.example/v1/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'x-partner-key', value: '{secret.key}' }] },
  limits: [{ per: 'scope', requests: 100, seconds: 10 }],
  async check(ctx) {
    const { partner: name, warnings } = await ctx.http.get<{ partner: string; warnings: readonly string[] }>('me');
    return { account: name, warnings };
  },
  async *discoverScopes(ctx) {
    const { items } = await ctx.http.get<{
      items: readonly { id: Id; name: string; domains: readonly string[]; accessUntil: string | null }[];
    }>('tenants');
    yield items.map(({ id, name, domains, accessUntil }) => ({
      id: String(id),
      name,
      kind: 'tenant',
      ...(accessUntil === null ? {} : { validUntil: accessUntil }),
      hints: { tenantId: String(id), domains },
    }));
  },
});

const users = defineStream(partner, {
  name: 'users',
  label: 'Users',
  entity: 'user',
  mode: 'incremental',
  grain: 'scope',
  every: 'PT15M',
  async *read(ctx, cursor) {
    let link = typeof cursor === 'string' ? cursor : undefined;
    const pages = paginate(link, async (at: string | undefined) => {
      const body = await ctx.http.get<{ items: readonly Change[]; next?: string; delta?: string }>(
        `tenants/${scopeOf(ctx).id}/users/changes`,
        { query: { at } },
      );
      link = body.next ?? body.delta;
      return { items: body.items, next: body.next };
    });
    for await (const { items } of pages) {
      yield {
        upserts: items.flatMap((item) => ('removed' in item ? [] : [toUser(item)])),
        deletes: items.flatMap((item) => ('removed' in item ? [{ id: String(item.id) }] : [])),
        cursor: link ?? null,
      };
    }
  },
});

function toUser({ id, name, login, isBlocked, hasMfa, licences }: User) {
  const data = { name, loginName: login, isEnabled: !isBlocked, hasMfa, licences: licences.map(String) };
  return { id: String(id), data };
}

const licences = defineStream(partner, {
  name: 'licences',
  label: 'Licences',
  entity: 'licence',
  mode: 'full',
  grain: 'scope',
  every: 'PT6H',
  async *read(ctx) {
    const { items } = await ctx.http.get<{
      items: readonly { id: Id; sku: string; name: string; bought: number; used: number }[];
    }>(`tenants/${scopeOf(ctx).id}/licences`);
    yield {
      upserts: items.map(({ id, sku, name, bought, used }) => ({
        id: String(id),
        data: { name, sku, total: bought, assigned: used },
      })),
    };
  },
});

const userPath = (ctx: Pick<Context, 'scope'>, id: string): string =>
  `tenants/${scopeOf(ctx).id}/users/${encodeURIComponent(id)}`;

async function readUser(ctx: Pick<Context, 'scope' | 'http'>, id: string): Promise<User> {
  const answer = await ctx.http.request(userPath(ctx, id), { accept: [404] });
  if (answer.status === 404) throw new NotSupported('This tenant has no such user any more.');
  return answer.json<User>();
}

const blockSignIn = defineAction(partner, {
  name: 'block-sign-in',
  label: 'Block sign-in',
  input: { target: field.entity('user') },
  effect: 'update',
  grain: 'scope',
  target: 'user',
  idempotency: 'natural',
  async plan(ctx, { target }) {
    const { name, isBlocked } = await readUser(ctx, target);
    return {
      summary: isBlocked ? `${name} is blocked already` : `${name} can no longer sign in`,
      changes: isBlocked ? [] : [{ what: `Sign-in of ${name}`, from: 'allowed', to: 'blocked' }],
      affected: [{ entity: 'user', id: target }],
      isReversible: true,
      disruption: isBlocked ? 'none' : 'outage',
    };
  },
  async apply(ctx, { target }, { plan }) {
    await ctx.http.request(userPath(ctx, target), { method: 'PATCH', json: { isBlocked: true } });
    return { summary: plan.summary };
  },
  async verify(ctx, { target }) {
    return { holds: (await readUser(ctx, target)).isBlocked };
  },
  async undo(ctx, { target }) {
    await ctx.http.request(userPath(ctx, target), { method: 'PATCH', json: { isBlocked: false } });
    return { summary: 'Can sign in again.' };
  },
});

const notifications = defineWebhook(partner, {
  name: 'notifications',
  label: 'Users as they change',
  setUp: 'In Folio subscribe to users.changed with the address {url} and the text of this connection as clientState.',
  // The vendor first asks for an echo of ?validationToken=; the host answers it.
  handshake: { query: 'validationToken' },
  verify: { kind: 'body', pointer: '/items/*/clientState', value: '{secret.clientState}' },
  // Several tenants may be in one delivery, so it is the connection's, and the streams are read again.
  handle: async () => ({ nudge: ['users'] }),
});

export default definePlugin({
  connections: [partner],
  streams: [users, licences],
  actions: [blockSignIn],
  webhooks: [notifications],
});
