import type { DiscoveredScope } from '@bailiwick/sdk';
import { CallFailed } from '../../packages/plugin-runtime/src/index.ts';
import type { ClientId, MspId } from '../../packages/core/src/kernel/id.ts';
import { PluginCalls, type ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { DiscoverScopes } from '../../packages/core/src/modules/plugin-scopes/discover-scopes.ts';
import { ScopeListQueries } from '../../packages/core/src/modules/plugin-scopes/scope-list-queries.ts';
import { ScopeQueries, type RemoteScopeId } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import { CreateClient } from '../../packages/core/src/modules/tenancy/index.ts';
import { staffScope, systemScope, type TestApp } from './test-app.ts';

/** A scope as a vendor lists it. */
export function scopeOf(id: string, over: Partial<DiscoveredScope> = {}): DiscoveredScope {
  return { id, name: `Scope ${id}`, kind: 'tenant', ...over };
}

/** Vendors that list what a test says, in the place of plugins: for what is made of a list, whoever wrote the plugin. */
export class ScopeVendors {
  readonly #app: TestApp;
  readonly listed = new Map<ConnectionId, readonly DiscoveredScope[] | CallFailed>();

  constructor(app: TestApp) {
    this.#app = app;
    app.container.register(PluginCalls, { useValue: this as never });
  }

  async *pull(_scope: unknown, target: { connectionId: ConnectionId }) {
    const listed = this.listed.get(target.connectionId) ?? [];
    if (listed instanceof CallFailed) throw listed;
    for (let at = 0; at < listed.length; at += 100) yield listed.slice(at, at + 100);
  }

  /** Discovers, and answers the states by the vendor's ids. */
  async discover(
    mspId: MspId,
    connectionId: ConnectionId,
    listed: readonly DiscoveredScope[] | CallFailed,
  ): Promise<Record<string, string>> {
    this.listed.set(connectionId, listed);
    await this.#app.container.resolve(DiscoverScopes).run(systemScope(mspId), connectionId);
    return this.statesOf(mspId, connectionId);
  }

  async statesOf(mspId: MspId, connectionId: ConnectionId): Promise<Record<string, string>> {
    const scopes = await this.#app.container.resolve(ScopeQueries).all(staffScope(mspId), connectionId);
    return Object.fromEntries(scopes.map((scope) => [scope.externalId, scope.state]));
  }

  async list(mspId: MspId, connectionId: ConnectionId) {
    const page = await this.#app.container
      .resolve(ScopeListQueries)
      .list(staffScope(mspId), { connectionId, limit: 200 });
    return page.items;
  }

  async one(mspId: MspId, connectionId: ConnectionId, externalId: string) {
    const found = (await this.list(mspId, connectionId)).find((scope) => scope.externalId === externalId);
    if (found === undefined) throw new Error(`There is no scope ${externalId}.`);
    return { ...found, id: found.id as RemoteScopeId };
  }

  async addClient(mspId: MspId, name: string, emailDomains: string[] = []): Promise<ClientId> {
    const { clientId } = await this.#app.container
      .resolve(CreateClient)
      .run(systemScope(mspId), { name, timeZone: 'Europe/London', state: 'active', emailDomains });
    return clientId;
  }
}
