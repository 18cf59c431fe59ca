import type { Json, LimitRule } from '@bailiwick/sdk';
import {
  Egress,
  egressPolicy,
  HttpBroker,
  type BrokerConnection,
  type ConnectionDescription,
  type CredentialStore,
  type RunningPlugin,
} from '@bailiwick/plugin-runtime';
import type { MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { InstalledPlugin, InstalledPlugins, PluginPackages } from '#modules/plugins';
import type { ScopedDb } from '#platform/db/scoped-db';
import { toConnection, type Connection } from './connection-queries.ts';
import type { ConnectionSecrets, SecretOwner } from './connection-secrets.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { MakePluginScope } from './plugin-host-needs.ts';
import type { Approval, ConnectionId, PluginHostTables } from './plugin-host-table.ts';
import type { PluginRunner } from './plugin-runner.ts';
import { HeldLocks, TokenStore } from './token-store.ts';

/** Brokers kept ready; beyond it the one unused for longest is closed. */
const MAX_BROKERS = 200;

/** All that a call needs, with secrets only inside the broker. */
export interface OpenConnection {
  readonly connection: Connection;
  readonly owner: SecretOwner;
  /** The host's own scope for this plugin, bound to no transaction. */
  readonly scope: TenantScope;
  readonly broker: HttpBroker;
  readonly plugin: RunningPlugin;
  /** To be called once, when the call has ended. */
  release(): void;
}

/** A connection as it is, or would be once it is saved. */
export interface ConnectionDraft {
  readonly id: ConnectionId;
  readonly type: ConnectionDescription;
  readonly config: Readonly<Record<string, Json>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly approvals: readonly Approval[];
  readonly limits: readonly LimitRule[] | null;
}

interface Cached {
  readonly version: string;
  readonly broker: HttpBroker;
  users: number;
  isStale: boolean;
}

interface Deps {
  readonly db: ScopedDb;
  readonly store: ConnectionStore;
  readonly secrets: ConnectionSecrets;
  readonly plugins: InstalledPlugins;
  readonly packages: PluginPackages;
  readonly runner: PluginRunner;
  readonly makeScope: MakePluginScope;
}

/** Brings connection, broker and sandbox together. One broker serves all calls of a connection in this process, so that they share its limits and its tokens. */
export class OpenConnections {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #deps: Deps;
  readonly #brokers = new Map<ConnectionId, Cached>();
  readonly #locks = new HeldLocks();

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#deps = deps;
  }

  /** Opens a saved connection; what it is now, not what it was at the last call. Throws `plugin-host.connection-not-found`. */
  async open(mspId: MspId, connectionId: ConnectionId): Promise<OpenConnection> {
    const { store, secrets, plugins, packages, runner, makeScope } = this.#deps;
    const scope = makeScope(mspId, { id: connectionId, label: 'plugin' });
    const found = await this.#db.transaction(scope, async (tx) => {
      const row = await store.get(tx, connectionId);
      const plugin = await plugins.byId(tx.scope, row.plugin_id, tx);
      const version = `${row.version}:${plugin.versionId}`;
      const isCached = this.#brokers.get(connectionId)?.version === version;
      return {
        row,
        plugin,
        version,
        bundle: await packages.openDigest(tx, plugin.digest),
        fields: isCached ? null : await secrets.fields(tx, connectionId),
      };
    });
    const { row, plugin } = found;
    const connection = toConnection(row, plugin);
    const owner = { id: row.id, clientId: row.client_id };
    const named = makeScope(mspId, { id: row.id, label: `${plugin.manifest.name}, ${row.name}` });
    const cached = this.#cached(
      connectionId,
      found.version,
      () =>
        new HttpBroker({
          connection: this.#brokerConnection(plugin, {
            id: row.id,
            type: connection.type,
            config: row.config,
            secrets: found.fields ?? {},
            approvals: row.approvals,
            limits: row.limits,
          }),
          transport: new Egress({ policy: policyOf(plugin, row.config, row.approvals) }),
          store: this.tokens(named, owner),
        }),
    );
    cached.users += 1;
    return {
      connection,
      owner,
      scope: named,
      broker: cached.broker,
      plugin: await runner.plugin(mspId, plugin.versionId, found.bundle),
      release: () => this.#release(cached),
    };
  }

  /** A broker for what is not saved yet; the caller closes it. */
  draftBroker(plugin: InstalledPlugin, draft: ConnectionDraft, store: CredentialStore): HttpBroker {
    const transport = new Egress({ policy: policyOf(plugin, draft.config, draft.approvals) });
    return new HttpBroker({ connection: this.#brokerConnection(plugin, draft), transport, store });
  }

  /** What the start and the end of a consent need. */
  consentParts(plugin: InstalledPlugin, draft: ConnectionDraft, store: CredentialStore) {
    const transport = new Egress({ policy: policyOf(plugin, draft.config, draft.approvals) });
    return { connection: this.#brokerConnection(plugin, draft), transport, store };
  }

  /** The tokens of a saved connection. */
  tokens(scope: TenantScope, owner: SecretOwner): TokenStore {
    return new TokenStore({ db: this.#deps.db, secrets: this.#deps.secrets, scope, owner, gate: this.#locks });
  }

  /** The next call makes a new broker: after a change that the row's version does not tell of. */
  forget(connectionId: ConnectionId): void {
    const cached = this.#brokers.get(connectionId);
    if (cached === undefined) return;
    this.#brokers.delete(connectionId);
    this.#retire(cached);
  }

  #brokerConnection(plugin: InstalledPlugin, draft: ConnectionDraft): BrokerConnection {
    return {
      id: draft.id,
      type: draft.type,
      config: draft.config,
      secrets: draft.secrets,
      policy: policyOf(plugin, draft.config, draft.approvals),
      ...(draft.limits === null ? {} : { limits: draft.limits }),
    };
  }

  #cached(connectionId: ConnectionId, version: string, make: () => HttpBroker): Cached {
    const known = this.#brokers.get(connectionId);
    this.#brokers.delete(connectionId);
    if (known?.version === version) {
      this.#brokers.set(connectionId, known);
      return known;
    }
    if (known !== undefined) this.#retire(known);
    const oldest = this.#brokers.entries().next().value;
    if (this.#brokers.size >= MAX_BROKERS && oldest !== undefined) {
      this.#brokers.delete(oldest[0]);
      this.#retire(oldest[1]);
    }
    const made: Cached = { version, broker: make(), users: 0, isStale: false };
    this.#brokers.set(connectionId, made);
    return made;
  }

  #retire(cached: Cached): void {
    cached.isStale = true;
    if (cached.users === 0) cached.broker.close();
  }

  #release(cached: Cached): void {
    cached.users -= 1;
    if (cached.isStale && cached.users === 0) cached.broker.close();
  }
}

function policyOf(plugin: InstalledPlugin, config: Readonly<Record<string, Json>>, approvals: readonly Approval[]) {
  const valuesOf = (kind: Approval['kind']): string[] =>
    approvals.filter((approval) => approval.kind === kind).map(({ value }) => value);
  return egressPolicy(plugin.manifest.egress, config, {
    origins: valuesOf('origin'),
    networks: valuesOf('network'),
  });
}
