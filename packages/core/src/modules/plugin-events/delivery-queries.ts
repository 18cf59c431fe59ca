import type { CoreEvent } from '@bailiwick/sdk';
import { sql } from 'kysely';
import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import { connectionIdSchema, type ConnectionQueries } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { DeliveryRow } from './delivery-store.ts';
import type { EventDeliveryRow } from './event-delivery-store.ts';
import { MANAGE_WEBHOOKS } from './events-policy.ts';
import { DELIVERY_STATES, EVENT_DELIVERY_STATES, webhookIdSchema, type PluginEventTables } from './events-table.ts';
import type { DeliveryView, EventDeliveryView, WebhookView } from './events-view.ts';
import type { HookAddress } from './hook-address.ts';
import type { WebhookRow, WebhookStore } from './webhook-store.ts';

export const listWebhooksInput = z.object({ connectionId: connectionIdSchema });
export const listDeliveriesInput = z.object({
  ...pageInput,
  connectionId: connectionIdSchema,
  webhookId: webhookIdSchema.optional(),
  states: z.array(z.enum(DELIVERY_STATES)).max(DELIVERY_STATES.length).optional(),
});
export const listEventDeliveriesInput = z.object({
  ...pageInput,
  connectionId: connectionIdSchema.optional(),
  clientId: clientIdSchema.optional(),
  states: z.array(z.enum(EVENT_DELIVERY_STATES)).max(EVENT_DELIVERY_STATES.length).optional(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly connections: ConnectionQueries;
  readonly webhooks: WebhookStore;
  readonly address: HookAddress;
}

/** Reads webhooks, what came by them, and what plugins were told. */
export class DeliveryQueries {
  readonly #db: ScopedDb<PluginEventTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginEventTables>();
    this.#deps = deps;
  }

  /** The webhooks that the running version declares, in its order. Throws `plugin-host.connection-not-found`. */
  async webhooks(
    scope: TenantScope,
    { connectionId }: z.output<typeof listWebhooksInput>,
  ): Promise<{ items: WebhookView[] }> {
    const { connections, webhooks, address } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const { type, description } = await connections.byId(tx.scope, connectionId, tx);
      const rows = new Map((await webhooks.ofConnection(tx, connectionId)).map((row) => [row.name, row]));
      const items: WebhookView[] = [];
      for (const webhook of description.webhooks) {
        const row = webhook.connection === type.name ? rows.get(webhook.name) : undefined;
        if (row === undefined) continue;
        const url = maySeeAddresses(scope) ? address.of(await webhooks.address(tx, row)) : null;
        items.push({
          ...toCounts(row),
          label: webhook.label,
          setUp: url === null ? webhook.setUp : webhook.setUp.replaceAll('{url}', () => url),
          address: url,
          verification: webhook.verify.kind,
        });
      }
      return { items };
    });
  }

  /** What came for a connection, the latest first. Throws `page.bad-cursor`. */
  async deliveries(scope: TenantScope, input: z.output<typeof listDeliveriesInput>): Promise<Page<DeliveryView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('plugin_delivery').selectAll().where('connection_id', '=', input.connectionId);
      if (input.webhookId !== undefined) list = list.where('webhook_id', '=', input.webhookId);
      if (input.states !== undefined) list = list.where('state', '=', sql<never>`any(${input.states}::text[])`);
      if (after !== null)
        list = list.where(sql<boolean>`(received_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      return list
        .orderBy('received_at', 'desc')
        .orderBy('id', 'desc')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toDeliveryView, (row) => [row.received_at.toString(), row.id]);
  }

  /** What plugins were told, the latest first. Throws `page.bad-cursor`. */
  async events(scope: TenantScope, input: z.output<typeof listEventDeliveriesInput>): Promise<Page<EventDeliveryView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('plugin_event_delivery').selectAll();
      if (input.connectionId !== undefined) list = list.where('connection_id', '=', input.connectionId);
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (input.states !== undefined) list = list.where('state', '=', sql<never>`any(${input.states}::text[])`);
      if (after !== null)
        list = list.where(sql<boolean>`(created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      return list
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toEventDeliveryView, (row) => [row.created_at.toString(), row.id]);
  }
}

function maySeeAddresses(scope: TenantScope): boolean {
  return scope.audience === 'system' || scope.permissions.has(MANAGE_WEBHOOKS);
}

function toCounts(row: WebhookRow) {
  return {
    id: row.id,
    connectionId: row.connection_id,
    name: row.name,
    previousUntil: row.previous_until?.toString() ?? null,
    received: row.received,
    refused: row.refused,
    unroutable: row.unroutable,
    lastReceivedAt: row.last_received_at?.toString() ?? null,
    lastRefusedAt: row.last_refused_at?.toString() ?? null,
    lastRefusal: row.last_refusal,
  };
}

function toDeliveryView(row: DeliveryRow): DeliveryView {
  const { added = 0, changed = 0, deleted = 0, refused = 0, nudged = 0 } = row.result;
  return {
    id: row.id,
    connectionId: row.connection_id,
    webhookId: row.webhook_id,
    scopeId: row.scope_id,
    state: row.state,
    message: row.message,
    sizeBytes: row.size_bytes,
    attempts: row.attempts,
    nextAttemptAt: row.next_at?.toString() ?? null,
    added,
    changed,
    deleted,
    refused,
    nudged,
    receivedAt: row.received_at.toString(),
    endedAt: row.ended_at?.toString() ?? null,
  };
}

function toEventDeliveryView(row: EventDeliveryRow): EventDeliveryView {
  return {
    id: row.id,
    clientId: row.client_id,
    connectionId: row.connection_id,
    scopeId: row.scope_id,
    subscriber: row.subscriber,
    event: row.event_name,
    title: titleOf(row.event),
    state: row.state,
    message: row.message,
    attempts: row.attempts,
    nextAttemptAt: row.next_at?.toString() ?? null,
    createdAt: row.created_at.toString(),
    endedAt: row.ended_at?.toString() ?? null,
  };
}

function titleOf({ data }: CoreEvent): string {
  if ('title' in data) return data.title;
  return 'subject' in data ? `#${data.number} ${data.subject}` : data.number;
}
