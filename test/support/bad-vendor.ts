import {
  connectTestPlugin,
  installTestPlugin,
  startFakeVendor,
  startPluginApp,
  type FakeVendor,
} from './test-plugin.ts';
import { buildMsp, staffScope, systemScope, type TestApp } from './test-app.ts';
import type { ClientId } from '../../packages/core/src/kernel/id.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { IssuePages, listIssuesInput } from '../../packages/core/src/modules/plugin-host/issue-page-queries.ts';
import { ChangeMapping } from '../../packages/core/src/modules/plugin-scopes/change-mapping.ts';
import { DiscoverScopes } from '../../packages/core/src/modules/plugin-scopes/discover-scopes.ts';
import { ScopeQueries } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import { LandRecords } from '../../packages/core/src/modules/plugin-sync/land-records.ts';
import { RehomeRecords } from '../../packages/core/src/modules/plugin-sync/rehome-records.ts';
import { RunStream } from '../../packages/core/src/modules/plugin-sync/run-stream.ts';
import { StartStreams } from '../../packages/core/src/modules/plugin-sync/start-streams.ts';
import { listStreamsInput, StreamQueries } from '../../packages/core/src/modules/plugin-sync/stream-queries.ts';

/** Hands on what the vendor says, as a careless author would. */
const SOURCE = `
import { defineConnection, definePlugin, defineStream, field, scopeOf } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account', label: 'Account',
  config: { url: field.url(), token: field.secret() },
  baseUrl: '{config.url}',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'X-Token', value: '{secret.token}' }] },
  async check(ctx) { return { account: 'ops' }; },
  async *discoverScopes(ctx) {
    const sites = await ctx.http.get('/sites');
    for (let at = 0; at < sites.length; at += 5000) yield sites.slice(at, at + 5000);
  },
});
const stream = (name, entity) => defineStream(account, {
  name, label: name, entity, mode: 'full', grain: 'scope', every: 'PT5M',
  async *read(ctx) {
    for (let page = 0; page !== undefined; ) {
      const { items, next, cursor } = await ctx.http.get('/sites/' + scopeOf(ctx).id + '/' + name, { query: { page } });
      yield { upserts: items, ...(cursor === undefined ? {} : { cursor }) };
      page = next;
    }
  },
});
const streams = [stream('devices', 'device'), stream('licences', 'licence'), stream('alerts', 'alert'), stream('things', 'x:acme/thing')];
export default definePlugin({ connections: [account], streams });
`;
/** What a vendor says of one page of a list. */
export type BadAnswer = (page: number) => { readonly status?: number; readonly text: string };

export const device = (id: number | string) => ({ id: `${id}`, data: { name: `srv-${id}` } });

/**
 * A vendor with the sites `a` and `b`, a plugin that believes it everything, and two connections to it; the sites of the first one are mapped to two
 * clients, and were read once while all was well.
 */
export class BadVendor implements AsyncDisposable {
  static readonly secret = 'a-token-that-nobody-may-see';
  readonly app: TestApp;
  /** What the vendor says of the site `a` in place of its records, by stream. */
  said: Readonly<Record<string, BadAnswer>> = {};
  sites: unknown = ['a', 'b'].map((id) => ({ id, name: `Site ${id}`, kind: 'site' }));
  readonly healthy: Record<string, readonly object[]> = {
    devices: Array.from({ length: 10 }, (_, id) => device(id)),
    licences: [{ id: 'l', data: { name: 'Plan', sku: 'plan', total: 5, assigned: 1 } }],
    alerts: [],
    things: [{ id: 't', data: { size: 1 } }],
  };
  readonly scope: TenantScope;
  readonly job: TenantScope;
  readonly clientIds: readonly ClientId[];
  #vendor: FakeVendor | undefined;
  #connections: readonly ConnectionId[] = [];

  private constructor(app: TestApp, msp: Awaited<ReturnType<typeof buildMsp>>) {
    this.app = app;
    this.scope = staffScope(msp.mspId);
    this.job = systemScope(msp.mspId);
    this.clientIds = msp.clientIds;
  }

  static async start(): Promise<BadVendor> {
    const app = await startPluginApp();
    const bad = new BadVendor(app, await buildMsp(app, { clients: 2 }));
    await bad.#connect();
    await bad.readAll();
    return bad;
  }

  get connectionId(): ConnectionId {
    return required(this.#connections[0]);
  }

  /** Lets time pass, and runs all streams as the scheduler would. */
  async readAll(): Promise<void> {
    const { container, clock } = this.app;
    clock.advance({ hours: 7 });
    await container.resolve(StartStreams).nudge(this.job, { connectionId: this.connectionId });
    for (const { id } of await this.streams()) await container.resolve(RunStream).run(this.job, id as never);
    await container.resolve(LandRecords).run(this.job, this.connectionId);
  }

  async discover(): Promise<void> {
    await this.app.container.resolve(DiscoverScopes).run(this.job, this.connectionId);
  }

  async scopes() {
    return this.app.container.resolve(ScopeQueries).all(this.job, this.connectionId);
  }

  async streams() {
    const input = listStreamsInput.parse({ connectionId: this.connectionId, limit: 100 });
    return (await this.app.container.resolve(StreamQueries).list(this.scope, input)).items;
  }

  /** The open issues of the connection; the other one never has any. */
  async issues() {
    const of = async (connectionId: ConnectionId) =>
      (await this.app.container.resolve(IssuePages).list(this.scope, listIssuesInput.parse({ connectionId }))).items;
    const strays = await of(required(this.#connections[1]));
    if (strays.length > 0) throw new Error(`The other connection has issues: ${JSON.stringify(strays)}`);
    return of(this.connectionId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#vendor?.[Symbol.asyncDispose]();
    await this.app[Symbol.asyncDispose]();
  }

  async #connect(): Promise<void> {
    const { app, scope } = this;
    const vendor = await startFakeVendor(({ path }) => this.#answer(new URL(path, 'http://vendor')));
    this.#vendor = vendor;
    const records = ['device', 'licence', 'alert', 'x:acme/thing'] as const;
    const pluginId = await installTestPlugin(app, scope, { source: SOURCE, capabilities: { records } });
    const connect = async (name: string) =>
      connectTestPlugin(app, scope, { pluginId, vendor, name, secrets: { token: BadVendor.secret } });
    this.#connections = [await connect('Acme'), await connect('Second')];
    await this.discover();
    for (const [index, remote] of (await this.scopes()).entries()) {
      const mapping = { scopeId: remote.id, version: 1, reason: '', clientId: required(this.clientIds[index]) };
      await app.container.resolve(ChangeMapping).map(scope, mapping);
      const home = { scopeId: remote.id, connectionId: this.connectionId };
      await app.container.resolve(RehomeRecords).run(this.job, home);
    }
  }

  #answer({ pathname, searchParams }: URL) {
    const [, , site = '', stream = ''] = pathname.split('/');
    if (stream === '') return { json: this.sites };
    const bad = site === 'a' ? this.said[stream] : undefined;
    return bad === undefined ? { json: { items: this.healthy[stream] } } : bad(Number(searchParams.get('page')));
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('This was to be there.');
  return value;
}
