import type { Field } from '@bailiwick/sdk';
import type { ConnectionDescription } from '@bailiwick/plugin-runtime';
import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import type { TenantScope } from '#kernel/tenant-scope';
import { pluginIdSchema, type InstalledPlugin, type InstalledPlugins } from '#modules/plugins';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { schemeOf } from './call-outcome-store.ts';
import type { ConnectionBreaker } from './connection-breaker.ts';
import { toConnection, type Connection, type ConnectionRow } from './connection-queries.ts';
import type { ConnectionSecrets } from './connection-secrets.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { connectionTypeView, ConnectionDetailView, ConnectionView, healthView } from './connection-view.ts';
import { connectionIdSchema, type ConnectionId, type PluginHostTables } from './plugin-host-table.ts';

export const listConnectionsInput = z.object({ pluginId: pluginIdSchema.optional() });
export const getConnectionInput = z.object({ connectionId: connectionIdSchema });
export const listTypesInput = z.object({ pluginId: pluginIdSchema });

type TypeView = z.input<typeof connectionTypeView>;
type HealthRow = Selectable<PluginHostTables['plugin_health']>;

interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly open: number;
  readonly succeededAt: Temporal.Instant | null;
}

interface Deps {
  readonly db: ScopedDb;
  readonly store: ConnectionStore;
  readonly secrets: ConnectionSecrets;
  readonly plugins: InstalledPlugins;
  readonly breaker: ConnectionBreaker;
}

/** Connections as the console shows them. */
export class ConnectionPages {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#deps = deps;
  }

  /** All connections by name. An MSP has some dozens, so there are no pages. */
  async list(scope: TenantScope, input: z.output<typeof listConnectionsInput>): Promise<ConnectionView[]> {
    return this.#db.transaction(scope, async (tx) => {
      let query = tx.query.selectFrom('plugin_connection').selectAll().where('state', '<>', 'removed');
      if (input.pluginId !== undefined) query = query.where('plugin_id', '=', input.pluginId);
      const rows = await query
        .orderBy(sql`lower(name)`)
        .orderBy('id')
        .execute();
      const plugins = await this.#deps.plugins.byIds(tx.scope, [...new Set(rows.map((row) => row.plugin_id))], tx);
      const summaries = await summariesOf(
        tx,
        rows.map(({ id }) => id),
      );
      return rows.flatMap((row) => {
        const plugin = plugins.get(row.plugin_id);
        return plugin === undefined ? [] : [toConnectionView(row, plugin, summaries.get(row.id))];
      });
    });
  }

  /** One connection. Throws `plugin-host.connection-not-found`, also for another tenant's. */
  async get(scope: TenantScope, { connectionId }: z.output<typeof getConnectionInput>): Promise<ConnectionDetailView> {
    const { store, plugins, secrets, breaker } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = await store.get(tx, connectionId);
      const plugin = await plugins.byId(tx.scope, row.plugin_id, tx);
      const connection = toConnection(row, plugin);
      const summaries = await summariesOf(tx, [row.id]);
      const names = await secrets.names(tx, [row.id]);
      const health = await tx.query
        .selectFrom('plugin_health')
        .selectAll()
        .where('connection_id', '=', row.id)
        .orderBy('kind')
        .execute();
      return {
        ...toConnectionView(row, plugin, summaries.get(row.id)),
        config: { ...row.config },
        secretsSet: names.get(row.id) ?? [],
        approvals: row.approvals,
        limits: row.limits,
        warnings: row.warnings,
        createdBy: row.created_by,
        createdAt: row.created_at.toString(),
        pausedUntil: breaker.openUntil(row.id)?.toString() ?? null,
        calls: health.map((entry) => toHealthView(entry, connection)),
        form: toTypeView(plugin, connection.type),
        ...contributionsOf(connection),
      };
    });
  }

  /** The forms of a plugin's types of connections. Throws `plugins.plugin-not-found`. */
  async types(scope: TenantScope, { pluginId }: z.output<typeof listTypesInput>): Promise<TypeView[]> {
    const plugin = await this.#deps.plugins.byId(scope, pluginId);
    return plugin.description.connections.map((type) => toTypeView(plugin, type));
  }
}

async function summariesOf(
  tx: ScopedTransaction<PluginHostTables>,
  ids: readonly ConnectionId[],
): Promise<ReadonlyMap<ConnectionId, Summary>> {
  if (ids.length === 0) return new Map();
  const issues = await tx.query
    .selectFrom('plugin_issue')
    .select([
      'connection_id',
      sql<number>`count(*) filter (where severity = 'error')::int`.as('errors'),
      sql<number>`count(*) filter (where severity = 'warning')::int`.as('warnings'),
      sql<number>`count(*)::int`.as('open'),
    ])
    .where('connection_id', 'in', [...ids])
    .where('closed_at', 'is', null)
    .groupBy('connection_id')
    .execute();
  const successes = await tx.query
    .selectFrom('plugin_health')
    .select(['connection_id', sql<Temporal.Instant | null>`max(succeeded_at)`.as('succeeded_at')])
    .where('connection_id', 'in', [...ids])
    .groupBy('connection_id')
    .execute();
  const succeeded = new Map(successes.map((row) => [row.connection_id, row.succeeded_at]));
  const counted = new Map(issues.map((row) => [row.connection_id, row]));
  return new Map(
    ids.map((id) => {
      const { errors = 0, warnings = 0, open = 0 } = counted.get(id) ?? {};
      return [id, { errors, warnings, open, succeededAt: succeeded.get(id) ?? null }];
    }),
  );
}

function toConnectionView(row: ConnectionRow, plugin: InstalledPlugin, summary: Summary | undefined): ConnectionView {
  const type = plugin.description.connections.find(({ name }) => name === row.type);
  // Removed ones are never read.
  const state = row.state === 'removed' ? 'broken' : row.state;
  const succeeded = [summary?.succeededAt, row.checked_at].filter((at) => at !== null && at !== undefined);
  return {
    id: row.id,
    name: row.name,
    pluginId: plugin.id,
    plugin: plugin.name,
    pluginTitle: plugin.manifest.name,
    pluginVersion: plugin.version,
    isPluginEnabled: plugin.state === 'enabled',
    type: row.type,
    typeLabel: type?.label ?? row.type,
    clientId: row.client_id,
    state,
    stateReason: row.state_reason,
    health: healthOf(state, plugin, summary),
    openIssues: summary?.open ?? 0,
    account: row.account,
    checkedAt: row.checked_at?.toString() ?? null,
    succeededAt:
      succeeded
        .toSorted((a, b) => Temporal.Instant.compare(a, b))
        .at(-1)
        ?.toString() ?? null,
    version: row.version,
  };
}

function healthOf(
  state: Connection['state'],
  plugin: InstalledPlugin,
  summary: Summary | undefined,
): ConnectionView['health'] {
  if (state === 'paused' || plugin.state !== 'enabled') return 'paused';
  if (state === 'broken' || (summary?.errors ?? 0) > 0) return 'error';
  return (summary?.warnings ?? 0) > 0 ? 'warning' : 'ok';
}

function toHealthView(row: HealthRow, connection: Connection): z.input<typeof healthView> {
  return {
    kind: row.kind,
    label: labelOf(row.kind, connection),
    succeededAt: row.succeeded_at?.toString() ?? null,
    failedAt: row.failed_at?.toString() ?? null,
    failure: row.failure,
    message: row.failure_message,
    failuresInRow: row.failures_in_row,
    calls: row.calls,
    failures: row.failures,
  };
}

const KIND_LABELS: Readonly<Record<string, string>> = {
  check: 'Test of the connection',
  discover: 'Discovery of scopes',
  options: 'Lists for forms',
  plan: 'Plan',
  apply: 'Action',
  verify: 'Verification',
  undo: 'Undo',
  route: 'Delivery',
  handle: 'Delivery',
  event: 'Event',
  render: 'View',
};

/** `read:devices` → the stream's own label. */
function labelOf(kind: string, { description, type }: Connection): string {
  const [verb = kind, name] = kind.split(':');
  const all = [...description.streams, ...description.actions, ...description.webhooks, ...description.views];
  const label = all.find((one) => one.name === name && one.connection === type.name)?.label;
  const prefix = KIND_LABELS[verb];
  if (label === undefined) return prefix ?? kind;
  return prefix === undefined ? label : `${prefix}: ${label}`;
}

function contributionsOf({ description, type }: Connection) {
  const isOwn = ({ connection }: { readonly connection: string }): boolean => connection === type.name;
  return {
    streams: description.streams
      .filter(isOwn)
      .map(({ name, label, entity, grain, every }) => ({ name, label, entity, grain, every })),
    actions: description.actions
      .filter(isOwn)
      .map(({ name, label, help, effect, grain }) => ({ name, label, help: help ?? null, effect, grain })),
    webhooks: description.webhooks.filter(isOwn).map(({ name, label, setUp }) => ({ name, label, setUp })),
    discoversScopes: type.discoversScopes,
  };
}

function toTypeView(plugin: InstalledPlugin, type: ConnectionDescription): TypeView {
  return {
    name: type.name,
    label: type.label,
    help: type.help ?? null,
    fields: Object.entries(type.config).map(([name, field]) => ({
      name,
      label: field.label ?? inWords(name),
      field,
      isSecret: field.kind === 'secret',
      isRequired: field.optional !== true && !('default' in field && field.default !== undefined),
      options: optionsOf(field),
      needsApproval: plugin.manifest.egress.includes(`{config.${name}}`),
    })),
    needsConsent: needsConsent(type),
    limits: type.limits.map((rule) => ({ ...rule })),
  };
}

function needsConsent(type: ConnectionDescription): boolean {
  const { auth } = type;
  if (auth.kind === 'choice') return Object.values(auth.schemes).some(({ kind }) => kind === 'oauth2-code');
  return schemeOf({ type, config: {} }).kind === 'oauth2-code';
}

function optionsOf(field: Field): string | null {
  return 'options' in field && field.options !== undefined ? field.options : null;
}

/** `apiToken` → `Api token`. */
function inWords(name: string): string {
  const words = name
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
