import { CallFailed, type CredentialStore } from '@bailiwick/plugin-runtime';
import type { CheckResult } from '@bailiwick/sdk';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { clientIdSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { pluginIdSchema, type InstalledPlugin, type InstalledPlugins } from '#modules/plugins';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { AUTH_ISSUE, CONFIG_ISSUE, isConsent } from './call-outcome-store.ts';
import {
  approvalsInput,
  approve,
  assertApproved,
  assertEnabled,
  assertSameHosts,
  configInput,
  readConfig,
  readSecrets,
  secretsInput,
  twinWarnings,
  typeOf,
} from './connection-draft.ts';
import type { ConnectionIssues } from './connection-issue-store.ts';
import type { ConnectionSecrets } from './connection-secrets.ts';
import type { ConnectionStore } from './connection-store.ts';
import { refusedDraft, type DraftCalls } from './draft-calls.ts';
import type { ConnectionDraft, OpenConnections } from './open-connections.ts';
import type { MakePluginScope } from './plugin-host-needs.ts';
import { connectionChanged, connectionReady } from './plugin-host-events.ts';
import { connectionIdSchema, type ConnectionId, type PluginHostTables } from './plugin-host-table.ts';

export const createConnectionInput = z.object({
  pluginId: pluginIdSchema,
  type: text({ max: 100 }),
  name: text({ max: 100 }),
  /** The client whose account it is; absent for the MSP's own. */
  clientId: clientIdSchema.optional(),
  config: configInput,
  secrets: secretsInput.default({}),
  approvals: approvalsInput.default([]),
});
export const updateConnectionInput = z.object({
  connectionId: connectionIdSchema,
  version: z.int(),
  name: text({ max: 100 }).optional(),
  config: configInput.optional(),
  secrets: secretsInput.default({}),
  /** In the place of those there were; absent leaves them. */
  approvals: approvalsInput.optional(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: ConnectionStore;
  readonly secrets: ConnectionSecrets;
  readonly plugins: InstalledPlugins;
  readonly clients: ClientQueries;
  readonly drafts: DraftCalls;
  readonly open: OpenConnections;
  readonly issues: ConnectionIssues;
  readonly makeScope: MakePluginScope;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<PluginHostTables>;

/** Makes and changes connections. What is saved was checked at the vendor first: a wrong field or credential is an error at its field, and nothing is kept. */
export class SaveConnection {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#deps = deps;
  }

  /**
   * Makes a connection. One that a person has to consent to at the vendor is saved unchecked and broken, until `authorize` is done. Throws `plugins.plugin-not-found`,
   * `plugin-host.plugin-disabled`, `plugin-host.type-not-found`, `plugin-host.bad-config`, `plugin-host.host-not-approved`, `plugin-host.check-failed`, `plugin-host.name-taken`, `tenancy.client-not-found`.
   */
  async create(
    scope: TenantScope,
    input: z.output<typeof createConnectionInput>,
  ): Promise<{ connectionId: ConnectionId; account: string | null; warnings: string[] }> {
    const { plugins, clients } = this.#deps;
    if (input.clientId === undefined) requireWholeMsp(scope);
    else await clients.get(scope, input.clientId);
    const plugin = await plugins.byId(scope, input.pluginId);
    assertEnabled(plugin);
    const type = typeOf(plugin, input.type);
    const draft: ConnectionDraft = {
      id: newId<'plugin-connection'>(),
      type,
      config: readConfig(type, input.config),
      secrets: readSecrets(type, input.secrets, []),
      approvals: approve(scope, [], input.approvals, this.#deps.clock.now()),
      limits: null,
    };
    assertApproved(plugin, type, draft.config, draft.approvals);
    const checked = isConsent(draft) ? null : await this.#check(scope, plugin, draft);
    await this.#db.transaction(scope, (tx) => this.#insert(tx, plugin, draft, input, checked));
    return { connectionId: draft.id, account: checked?.account ?? null, warnings: [...(checked?.warnings ?? [])] };
  }

  /** Changes a connection; secrets that are not named stay. Throws as `create` does, and `plugin-host.connection-not-found`, `plugin-host.connection-changed`. */
  async update(
    scope: TenantScope,
    input: z.output<typeof updateConnectionInput>,
  ): Promise<{ version: number; account: string | null; warnings: string[] }> {
    const { store, plugins, secrets } = this.#deps;
    const { row, plugin, kept } = await this.#db.transaction(scope, async (tx) => {
      const found = await store.get(tx, input.connectionId);
      return {
        row: found,
        plugin: await plugins.byId(tx.scope, found.plugin_id, tx),
        kept: await secrets.fields(tx, found.id),
      };
    });
    if (row.client_id === null) requireWholeMsp(scope);
    assertEnabled(plugin);
    const type = typeOf(plugin, row.type);
    const typed = readSecrets(type, input.secrets, Object.keys(kept));
    const draft: ConnectionDraft = {
      id: row.id,
      type,
      config: readConfig(type, input.config ?? row.config),
      secrets: { ...kept, ...typed },
      approvals:
        input.approvals === undefined
          ? row.approvals
          : approve(scope, row.approvals, input.approvals, this.#deps.clock.now()),
      limits: row.limits,
    };
    assertApproved(plugin, type, draft.config, draft.approvals);
    assertSameHosts(
      plugin,
      { type, config: row.config },
      draft,
      Object.keys(kept).filter((name) => !(name in typed)),
    );
    const tokens = isConsent(draft) ? this.#tokensOf(scope, draft.id, row.client_id) : undefined;
    const isConsented = tokens === undefined || (await tokens.get({ connection: row.id, scope: null })) !== null;
    const checked = isConsented ? await this.#check(scope, plugin, draft, tokens) : null;
    const version = await this.#db.transaction(scope, async (tx) => {
      await store.update(tx, row.id, input.version, {
        name: input.name ?? row.name,
        config: JSON.stringify(draft.config),
        approvals: JSON.stringify(draft.approvals),
        ...this.#found(checked, row.state === 'paused' ? 'paused' : 'active'),
      });
      await this.#seal(tx, { id: row.id, clientId: row.client_id }, typed);
      // Made with the credential of before.
      if (Object.keys(typed).length > 0 && !isConsent(draft)) await secrets.forgetTokens(tx, row.id);
      if (checked !== null) await this.#repaired(tx, row.id);
      await this.#tell(tx, row.id, row.client_id, {
        action: 'plugin-host.update-connection',
        summary: `Changed the connection ${input.name ?? row.name}`,
        before: { name: row.name, approvals: row.approvals },
        after: { name: input.name ?? row.name, approvals: draft.approvals, retyped: Object.keys(typed) },
      });
      return input.version + 1;
    });
    return { version, account: checked?.account ?? null, warnings: [...(checked?.warnings ?? [])] };
  }

  async #check(
    scope: TenantScope,
    plugin: InstalledPlugin,
    draft: ConnectionDraft,
    tokens?: CredentialStore,
  ): Promise<CheckResult> {
    const { drafts, store } = this.#deps;
    try {
      const checked = await drafts.check(scope, plugin, draft, tokens);
      const own = {
        id: draft.id,
        pluginId: plugin.id,
        type: draft.type.name,
        account: checked.account,
        config: draft.config,
      };
      const alike = await this.#db.transaction(scope, (tx) => store.alike(tx, own));
      return { ...checked, warnings: [...(checked.warnings ?? []), ...twinWarnings(plugin, draft.type, own, alike)] };
    } catch (error) {
      if (error instanceof CallFailed) throw refusedDraft(error, draft);
      throw error;
    }
  }

  async #insert(
    tx: Tx,
    plugin: InstalledPlugin,
    draft: ConnectionDraft,
    input: z.output<typeof createConnectionInput>,
    checked: CheckResult | null,
  ): Promise<void> {
    const { store, issues, clock } = this.#deps;
    const clientId = input.clientId ?? null;
    await store.insert(tx, {
      msp_id: tx.scope.mspId,
      id: draft.id,
      client_id: clientId,
      plugin_id: plugin.id,
      type: draft.type.name,
      name: input.name,
      config: JSON.stringify(draft.config),
      approvals: JSON.stringify(draft.approvals),
      limits: null,
      account: null,
      checked_at: null,
      created_by: tx.scope.actor.label,
      created_at: clock.now(),
      ...this.#found(checked, 'active'),
    });
    await this.#seal(tx, { id: draft.id, clientId }, draft.secrets);
    if (checked === null)
      await issues.raise(tx, {
        connectionId: draft.id,
        remoteScopeId: null,
        id: AUTH_ISSUE,
        severity: 'warning',
        title: `${input.name} waits for somebody to sign in at the vendor`,
        remedy: 'Sign in at the vendor and consent.',
        repair: 'authorize-again',
      });
    await this.#tell(tx, draft.id, clientId, {
      action: 'plugin-host.create-connection',
      summary: `Connected ${plugin.manifest.name} as ${input.name}`,
      after: {
        type: draft.type.name,
        name: input.name,
        account: checked?.account ?? null,
        approvals: draft.approvals,
      },
    });
    if (checked !== null) await this.#ready(tx, draft.id);
  }

  #found(checked: CheckResult | null, state: 'active' | 'paused') {
    if (checked === null) return { state: 'broken' as const, state_reason: 'Nobody has signed in at the vendor yet.' };
    return {
      state,
      state_reason: null,
      account: checked.account,
      warnings: JSON.stringify(checked.warnings ?? []),
      checked_at: this.#deps.clock.now(),
    };
  }

  async #seal(
    tx: Tx,
    owner: { id: ConnectionId; clientId: PluginHostTables['plugin_connection']['client_id'] },
    typed: Readonly<Record<string, string>>,
  ): Promise<void> {
    for (const [name, value] of Object.entries(typed))
      await this.#deps.secrets.set(tx, owner, { kind: 'field', name, value });
  }

  async #repaired(tx: Tx, connectionId: ConnectionId): Promise<void> {
    for (const id of [AUTH_ISSUE, CONFIG_ISSUE, 'failing:check'])
      await this.#deps.issues.close(tx, { connectionId, remoteScopeId: null, id });
    await this.#ready(tx, connectionId);
  }

  async #ready(tx: Tx, connectionId: ConnectionId): Promise<void> {
    await this.#deps.jobs.publish(tx, connectionReady, { aggregateId: connectionId, version: 0 }, { connectionId });
  }

  async #tell(
    tx: Tx,
    connectionId: ConnectionId,
    clientId: PluginHostTables['plugin_connection']['client_id'],
    entry: { action: string; summary: string; before?: object; after: object },
  ): Promise<void> {
    const { audit, jobs, live } = this.#deps;
    await audit.record(tx, { ...entry, subject: { kind: 'plugin connection', id: connectionId, clientId } });
    await jobs.publish(tx, connectionChanged, { aggregateId: connectionId, version: 0 }, { connectionId });
    live.touch(tx, { clientId, topic: 'plugin-connection', id: connectionId, version: 0 });
  }

  #tokensOf(
    scope: TenantScope,
    id: ConnectionId,
    clientId: PluginHostTables['plugin_connection']['client_id'],
  ): CredentialStore {
    return this.#deps.open.tokens(this.#deps.makeScope(scope.mspId, { id, label: 'plugin' }), { id, clientId });
  }
}
