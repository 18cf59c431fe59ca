import type { Field, Json, Shape } from '@bailiwick/sdk';
import { Redactor } from '@bailiwick/plugin-runtime';
import type { z } from 'zod';
import type { Clock } from '#kernel/clock';
import type { Download } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { InstalledPlugin, InstalledPlugins } from '#modules/plugins';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { getConnectionInput } from './connection-page-queries.ts';
import type { ConnectionRow } from './connection-queries.ts';
import type { ConnectionSecrets } from './connection-secrets.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { PluginHostTables } from './plugin-host-table.ts';

const LINES = 500;
const LEFT_OUT = '[left out]';

interface Deps {
  readonly db: ScopedDb;
  readonly store: ConnectionStore;
  readonly secrets: ConnectionSecrets;
  readonly plugins: InstalledPlugins;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<PluginHostTables>;

/**
 * What somebody who helps needs to see of a connection, in one file. Fields that are secret or private are left out by what they are; then every secret of the connection is looked for in
 * all that is left, in any form, and taken out.
 */
export class Diagnostics {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#deps = deps;
  }

  /** JSON. Throws `plugin-host.connection-not-found`. */
  async open(scope: TenantScope, { connectionId }: z.output<typeof getConnectionInput>): Promise<Download> {
    const { store, plugins, secrets, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = await store.get(tx, connectionId);
      const plugin = await plugins.byId(tx.scope, row.plugin_id, tx);
      const redactor = new Redactor(await secrets.all(tx, row.id));
      const privates = privateTexts(plugin, row);
      for (const text of privates) redactor.add(text);
      const report = {
        madeAt: clock.now().toString(),
        plugin: { name: plugin.name, version: plugin.version, digest: plugin.digest, manifest: plugin.manifest },
        connection: connectionPart(plugin, row, (await secrets.names(tx, [row.id])).get(row.id) ?? []),
        ...(await this.#records(tx, row)),
      };
      const clean = redactor.json(JSON.parse(JSON.stringify(report)) as Json);
      return {
        fileName: `diagnostics-${plugin.name.replace('/', '-')}-${row.id.slice(-8)}.json`,
        contentType: 'application/json',
        body: new TextEncoder().encode(`${JSON.stringify(clean, null, 2)}\n`),
        disposition: 'attachment',
      };
    });
  }

  async #records(tx: Tx, { id }: ConnectionRow) {
    const health = await tx.query.selectFrom('plugin_health').selectAll().where('connection_id', '=', id).execute();
    const issues = await tx.query
      .selectFrom('plugin_issue')
      .selectAll()
      .where('connection_id', '=', id)
      .orderBy('raised_at', 'desc')
      .limit(200)
      .execute();
    const lines = await tx.query
      .selectFrom('plugin_log')
      .selectAll()
      .where('connection_id', '=', id)
      .orderBy('id', 'desc')
      .limit(LINES)
      .execute();
    return {
      calls: health.map(
        ({ kind, succeeded_at, failed_at, failure, failure_message, failures_in_row, calls, failures }) => ({
          kind,
          succeededAt: succeeded_at,
          failedAt: failed_at,
          failure,
          message: failure_message,
          failuresInRow: failures_in_row,
          calls,
          failures,
        }),
      ),
      issues: issues.map(({ key, severity, title, remedy, data, raised_at, closed_at }) => ({
        key,
        severity,
        title,
        remedy,
        data,
        raisedAt: raised_at,
        closedAt: closed_at,
      })),
      log: lines.map(({ at, scope, call, level, message, fields }) => ({ at, scope, call, level, message, fields })),
    };
  }
}

function connectionPart(plugin: InstalledPlugin, row: ConnectionRow, secretsSet: readonly string[]) {
  return {
    type: row.type,
    state: row.state,
    stateReason: row.state_reason,
    isOfClient: row.client_id !== null,
    checkedAt: row.checked_at,
    warnings: row.warnings,
    config: withoutPrivate(shapeOf(plugin, row), row.config),
    secretsSet,
    approvals: row.approvals.map(({ kind, value, at }) => ({ kind, value, at })),
    limits: row.limits,
  };
}

function shapeOf(plugin: InstalledPlugin, row: ConnectionRow): Shape {
  return plugin.description.connections.find(({ name }) => name === row.type)?.config ?? {};
}

/** A field that the running version does not describe is left out too: nobody says what it is. */
function withoutPrivate(shape: Shape, config: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, withoutPrivateValue(shape[name], value)]),
  );
}

function withoutPrivateValue(field: Field | undefined, value: Json): Json {
  if (field === undefined || field.private === true || field.kind === 'secret') return LEFT_OUT;
  if (field.kind === 'object') return withoutPrivate(field.fields, value as Record<string, Json>);
  if (field.kind === 'list' && Array.isArray(value)) {
    const { of } = field;
    return value.map((member: Json) => withoutPrivateValue(of, member));
  }
  return value;
}

/** The texts of private fields, to be looked for elsewhere too: a message may repeat them. */
function privateTexts(plugin: InstalledPlugin, row: ConnectionRow): string[] {
  const shape = shapeOf(plugin, row);
  return Object.entries(row.config).flatMap(([name, value]) =>
    shape[name]?.private === true && typeof value === 'string' ? [value] : [],
  );
}
