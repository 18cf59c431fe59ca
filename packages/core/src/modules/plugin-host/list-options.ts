import { CallFailed } from '@bailiwick/plugin-runtime';
import type { Option } from '@bailiwick/sdk';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { pluginIdSchema, type InstalledPlugins } from '#modules/plugins';
import type { ScopedDb } from '#platform/db/scoped-db';
import {
  approvalsInput,
  approve,
  assertSameHosts,
  configInput,
  readSecrets,
  secretsInput,
  typeOf,
} from './connection-draft.ts';
import type { ConnectionSecrets } from './connection-secrets.ts';
import type { ConnectionStore } from './connection-store.ts';
import { refusedDraft, type DraftCalls } from './draft-calls.ts';
import type { ConnectionDraft } from './open-connections.ts';
import { connectionIdSchema, type PluginHostTables } from './plugin-host-table.ts';

export const listOptionsInput = z.object({
  pluginId: pluginIdSchema,
  type: text({ max: 100 }),
  /** The connection that is being changed: its approvals hold, and its secrets where none were typed. */
  connectionId: connectionIdSchema.optional(),
  /** The field's `options`. */
  name: text({ max: 100 }),
  /** As far as it is filled in. */
  config: configInput,
  secrets: secretsInput.default({}),
  approvals: approvalsInput.default([]),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: ConnectionStore;
  readonly secrets: ConnectionSecrets;
  readonly plugins: InstalledPlugins;
  readonly drafts: DraftCalls;
  readonly clock: Clock;
}

/** Lists what can be chosen in a field of a connection's form, from the vendor, with what is typed so far. */
export class ListOptions {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#deps = deps;
  }

  /** Throws `plugin-host.type-not-found`, `plugin-host.options-not-found`, `plugin-host.check-failed`, `plugin-host.retype-secrets`. */
  async run(scope: TenantScope, input: z.output<typeof listOptionsInput>): Promise<{ items: Option[] }> {
    const plugin = await this.#deps.plugins.byId(scope, input.pluginId);
    if (plugin.state !== 'enabled')
      throw new ConflictError('plugin-host.plugin-disabled', `${plugin.manifest.name} is ${plugin.state}.`);
    const type = typeOf(plugin, input.type);
    if (!type.options.includes(input.name))
      throw new NotFoundError('plugin-host.options-not-found', `${type.label} has no list named ${input.name}.`);
    const saved = await this.#saved(scope, input);
    const config = input.config as ConnectionDraft['config'];
    const typed = readSecrets(type, input.secrets, Object.keys(type.config));
    if (saved !== null)
      assertSameHosts(
        plugin,
        { type, config: saved.config },
        { type, config },
        Object.keys(saved.fields).filter((name) => !(name in typed)),
      );
    const before = saved?.approvals ?? [];
    const draft: ConnectionDraft = {
      id: input.connectionId ?? newId<'plugin-connection'>(),
      type,
      config: configOnly(type.config, config),
      secrets: { ...saved?.fields, ...typed },
      approvals: approve(scope, before, [...before, ...input.approvals], this.#deps.clock.now()),
      limits: null,
    };
    try {
      return { items: [...(await this.#deps.drafts.options(scope, plugin, draft, input.name))] };
    } catch (error) {
      if (error instanceof CallFailed) throw refusedDraft(error, draft);
      throw error;
    }
  }

  async #saved(scope: TenantScope, { connectionId, pluginId }: z.output<typeof listOptionsInput>) {
    if (connectionId === undefined) return null;
    return this.#db.transaction(scope, async (tx) => {
      const row = await this.#deps.store.get(tx, connectionId);
      if (row.plugin_id !== pluginId)
        throw new NotFoundError('plugin-host.connection-not-found', 'There is no such connection.');
      return {
        config: row.config,
        approvals: row.approvals,
        fields: await this.#deps.secrets.fields(tx, row.id),
      };
    });
  }
}

/** Only fields that the type has and that are no secrets; the form is half filled in, so nothing else is checked. */
function configOnly(shape: ConnectionDraft['type']['config'], config: ConnectionDraft['config']) {
  return Object.fromEntries(
    Object.entries(config).filter(([name]) => shape[name] !== undefined && shape[name].kind !== 'secret'),
  );
}
