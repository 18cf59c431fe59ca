import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ConnectionId, ConnectionIssues, ConnectionQueries } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import { webhookIdSchema, type PluginEventTables } from './events-table.ts';
import type { HookAddress } from './hook-address.ts';
import { unroutableIssue } from './taken-delivery.ts';
import type { WebhookStore } from './webhook-store.ts';

/** Whoever changes the address at the vendor needs a while; beyond a week nobody is at it. */
const MOST_GRACE_HOURS = 168;

export const rotateAddressInput = z.object({
  webhookId: webhookIdSchema,
  /** How long the address of before is still taken; 0 where it has leaked. */
  graceHours: z.int().min(0).max(MOST_GRACE_HOURS).default(24),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: WebhookStore;
  readonly connections: ConnectionQueries;
  readonly address: HookAddress;
  readonly issues: ConnectionIssues;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Gives each webhook of a connection its address. */
export class OpenWebhooks {
  readonly #db: ScopedDb<PluginEventTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginEventTables>();
    this.#deps = deps;
  }

  /** Makes those that the running version of the plugin declares and that are not there. Nothing happens where the connection is gone. */
  async open(scope: TenantScope, connectionId: ConnectionId): Promise<void> {
    const { store, connections, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const connection = await connections.byId(tx.scope, connectionId, tx).catch(ignoreGone);
      if (connection === null) return;
      const { type, description, clientId } = connection;
      for (const { name } of description.webhooks.filter((webhook) => webhook.connection === type.name))
        await store.open(tx, { connectionId, clientId, name }, clock.now());
    });
  }

  /** A scope was mapped: what was missing is looked for anew with the next delivery. */
  async scopesKnown(scope: TenantScope, connectionId: ConnectionId): Promise<void> {
    const { store, issues } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      for (const { name } of await store.ofConnection(tx, connectionId))
        await issues.close(tx, { connectionId, remoteScopeId: null, id: unroutableIssue(name) });
    });
  }

  /** Throws `plugin-events.webhook-not-found`, also for another tenant's. */
  async rotate(
    scope: TenantScope,
    { webhookId, graceHours }: z.output<typeof rotateAddressInput>,
  ): Promise<{ address: string; previousUntil: string | null }> {
    const { store, address, audit, live, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = await store.forChange(tx, webhookId);
      const until = graceHours === 0 ? null : clock.now().add({ hours: graceHours });
      const fresh = await store.replaceAddress(tx, row, until);
      const after = until === null ? 'at once' : `after ${graceHours} hours`;
      await audit.record(tx, {
        action: 'plugin-events.rotate-address',
        subject: { kind: 'plugin connection', id: row.connection_id, clientId: row.client_id },
        summary: `Replaced the address of the webhook ${row.name}; the one before ends ${after}`,
      });
      live.touch(tx, { clientId: row.client_id, topic: 'plugin-connection', id: row.connection_id, version: 0 });
      return { address: address.of(fresh), previousUntil: until?.toString() ?? null };
    });
  }
}

function ignoreGone(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}
