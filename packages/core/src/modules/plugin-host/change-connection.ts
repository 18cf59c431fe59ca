import { CallFailed, checkCheckResult } from '@bailiwick/plugin-runtime';
import type { CheckResult } from '@bailiwick/sdk';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { InstalledPlugins } from '#modules/plugins';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { ConnectionCleaner } from './connection-cleaner.ts';
import { twinWarnings, typeOf } from './connection-draft.ts';
import type { ConnectionRow } from './connection-queries.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { OpenConnections } from './open-connections.ts';
import type { PluginCalls } from './plugin-calls.ts';
import { connectionChanged, connectionReady, connectionRemoved } from './plugin-host-events.ts';
import { connectionIdSchema, type ConnectionId, type PluginHostTables } from './plugin-host-table.ts';

export const changeConnectionInput = z.object({ connectionId: connectionIdSchema, version: z.int() });
export const testConnectionInput = z.object({ connectionId: connectionIdSchema });
export const removeConnectionInput = changeConnectionInput.extend({
  /** True removes also everything that it brought. */
  purge: z.boolean(),
});
/** A limit of requests, as the SDK declares it. */
export const limitRule = z.strictObject({
  per: z.enum(['connection', 'scope', 'host']),
  requests: z.int().min(1).max(1_000_000),
  seconds: z.int().min(1).max(86_400),
  concurrency: z.int().min(1).max(1000).exactOptional(),
  class: z.enum(['read', 'write']).exactOptional(),
});
export const setLimitsInput = changeConnectionInput.extend({
  /** In the place of what the vendor states; null goes back to that. */
  limits: z.array(limitRule).max(20).nullable(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: ConnectionStore;
  readonly plugins: InstalledPlugins;
  readonly calls: PluginCalls;
  readonly open: OpenConnections;
  readonly cleaners: () => readonly ConnectionCleaner[];
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<PluginHostTables>;

/** Tests, pauses, resumes, limits and removes a connection. */
export class ChangeConnection {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#deps = deps;
  }

  /** Signs in anew and says who that is. A broken connection that passes is active again. A refusal is an answer here, and stands as an issue. Throws `plugin-host.connection-not-found`. */
  async test(
    scope: TenantScope,
    { connectionId }: z.output<typeof testConnectionInput>,
  ): Promise<{
    isWorking: boolean;
    account: string | null;
    warnings: string[];
    failure: string | null;
    message: string | null;
  }> {
    const { calls } = this.#deps;
    try {
      const target = { connectionId, remote: null, call: { kind: 'check' as const } };
      const checked = checkCheckResult(await calls.call(scope, target));
      const warnings = await this.#noteWorking(scope, connectionId, checked);
      return { isWorking: true, account: checked.account, warnings, failure: null, message: null };
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      return { isWorking: false, account: null, warnings: [], failure: error.failure, message: error.message };
    }
  }

  async #noteWorking(scope: TenantScope, connectionId: ConnectionId, checked: CheckResult): Promise<string[]> {
    const { store, plugins, clock, jobs } = this.#deps;
    const { account } = checked;
    return this.#db.transaction(scope, async (tx) => {
      const row = await store.forChange(tx, connectionId);
      const plugin = await plugins.byId(tx.scope, row.plugin_id, tx);
      const own = { id: row.id, pluginId: row.plugin_id, type: row.type, account, config: row.config };
      const twins = twinWarnings(plugin, typeOf(plugin, row.type), own, await store.alike(tx, own));
      const warnings = [...(checked.warnings ?? []), ...twins];
      await store.note(tx, connectionId, {
        account,
        warnings,
        checked_at: clock.now(),
        ...(row.state === 'broken' ? { state: 'active' as const, state_reason: null } : {}),
      });
      if (row.state === 'broken')
        await jobs.publish(tx, connectionReady, { aggregateId: connectionId, version: row.version }, { connectionId });
      this.#touch(tx, row);
      return warnings;
    });
  }

  /** Nothing is read or done through it until it is resumed. Throws `plugin-host.connection-not-found`, `plugin-host.connection-changed`. */
  async pause(scope: TenantScope, input: z.output<typeof changeConnectionInput>): Promise<{ version: number }> {
    return this.#change(scope, input, 'pause', () => ({ state: 'paused', state_reason: null }));
  }

  /** Throws as `pause` does, and `plugin-host.not-paused`. */
  async resume(scope: TenantScope, input: z.output<typeof changeConnectionInput>): Promise<{ version: number }> {
    return this.#change(scope, input, 'resume', (row) => {
      if (row.state !== 'paused')
        throw new ConflictError('plugin-host.not-paused', `${row.name} is ${row.state}, not paused.`);
      return { state: 'active', state_reason: null };
    });
  }

  /** Throws as `pause` does. */
  async setLimits(scope: TenantScope, input: z.output<typeof setLimitsInput>): Promise<{ version: number }> {
    const limits = input.limits === null ? null : JSON.stringify(input.limits);
    return this.#change(scope, input, 'limit', () => ({ limits }));
  }

  /** Removes the connection and its secrets. With `purge` no row of it is left; without, what it brought is kept. Throws as `pause` does. */
  async remove(scope: TenantScope, input: z.output<typeof removeConnectionInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const row = await this.#deps.store.forChange(tx, input.connectionId);
      this.#assertOwn(scope, row);
      if (row.version !== input.version) await this.#deps.store.update(tx, row.id, input.version, {});
      await this.removeRow(tx, row, input.purge);
    });
  }

  /** Removes one row in the caller's transaction, and has the modules above clear what refers to it. */
  async removeRow(within: AnyTransaction, row: ConnectionRow, purge: boolean): Promise<void> {
    const { store, cleaners, audit, jobs, open } = this.#deps;
    const tx = within.typed<PluginHostTables>();
    const removed = { connectionId: row.id, clientId: row.client_id, purge };
    // The last module's first: it refers to the rows of those before it.
    for (const cleaner of cleaners().toReversed()) await cleaner.clean(tx, removed);
    await store.remove(tx, row, purge);
    const how = purge ? 'and everything that it brought' : 'and kept what it had brought';
    await audit.record(tx, {
      action: 'plugin-host.remove-connection',
      subject: { kind: 'plugin connection', id: row.id, clientId: row.client_id },
      summary: `Removed the connection ${row.name} ${how}`,
      before: { name: row.name, account: row.account },
    });
    await jobs.publish(
      tx,
      connectionRemoved,
      { aggregateId: row.id, version: row.version + 1 },
      { connectionId: row.id, purge },
    );
    tx.onCommit(() => open.forget(row.id));
    this.#touch(tx, row);
  }

  async #change(
    scope: TenantScope,
    input: z.output<typeof changeConnectionInput>,
    verb: 'pause' | 'resume' | 'limit',
    decide: (row: ConnectionRow) => { state?: 'active' | 'paused'; state_reason?: null; limits?: string | null },
  ): Promise<{ version: number }> {
    const { store, audit, jobs } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = await store.forChange(tx, input.connectionId);
      this.#assertOwn(scope, row);
      const change = decide(row);
      await store.update(tx, row.id, input.version, change);
      const done = { pause: 'Paused', resume: 'Resumed', limit: 'Changed the limits of' }[verb];
      await audit.record(tx, {
        action: `plugin-host.${verb}-connection`,
        subject: { kind: 'plugin connection', id: row.id, clientId: row.client_id },
        summary: `${done} the connection ${row.name}`,
        before: { state: row.state, limits: row.limits },
        after: change,
      });
      const about = { aggregateId: row.id, version: input.version + 1 };
      await jobs.publish(tx, connectionChanged, about, { connectionId: row.id });
      if (verb === 'resume') await jobs.publish(tx, connectionReady, about, { connectionId: row.id });
      this.#touch(tx, row);
      return { version: input.version + 1 };
    });
  }

  #assertOwn(scope: TenantScope, row: ConnectionRow): void {
    if (row.client_id === null) requireWholeMsp(scope);
  }

  #touch(tx: Tx, row: ConnectionRow): void {
    this.#deps.live.touch(tx, {
      clientId: row.client_id,
      topic: 'plugin-connection',
      id: row.id,
      version: row.version,
    });
  }
}
