import type { Delivery } from '@bailiwick/sdk';
import { sql, type Selectable } from 'kysely';
import { NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { ConnectionId } from '#modules/plugin-host';
import type { RemoteScopeId } from '#modules/plugin-scopes';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { SecretBox } from '#platform/secrets/secret-box';
import type { DeliveryId, DeliveryResult, DeliveryState, PluginEventTables, WebhookId } from './events-table.ts';
import type { WebhookRow } from './webhook-store.ts';
import { overdueRows, wakeRows } from './waiting-rows.ts';

type Tx = ScopedTransaction<PluginEventTables>;
export type DeliveryRow = Selectable<PluginEventTables['plugin_delivery']>;

/** Longer than a call into a sandbox may take: whoever holds a delivery still is at it. */
export const LEASE = Temporal.Duration.from({ minutes: 5 });

/** How a delivery ended. */
export interface DeliveryEnd {
  readonly state: Exclude<DeliveryState, 'waiting'>;
  readonly message: string;
  readonly scopeId: RemoteScopeId | null;
  readonly result?: DeliveryResult;
}

/** The only writer of `plugin_delivery`. */
export class DeliveryStore {
  readonly #box: SecretBox;

  constructor(deps: { box: SecretBox }) {
    this.#box = deps.box;
  }

  async add(
    tx: Tx,
    webhook: WebhookRow,
    received: { delivery: Delivery; sizeBytes: number; at: Temporal.Instant },
  ): Promise<DeliveryId> {
    const id = newId<'plugin-delivery'>();
    // What is JSON is parsed again when it is needed.
    const { json: _json, ...kept } = received.delivery;
    await tx.query
      .insertInto('plugin_delivery')
      .values({
        msp_id: tx.scope.mspId,
        id,
        client_id: webhook.client_id,
        connection_id: webhook.connection_id,
        webhook_id: webhook.id,
        scope_id: null,
        sealed_delivery: await this.#box.seal(tx, placeOf({ id, client_id: webhook.client_id }), JSON.stringify(kept)),
        size_bytes: received.sizeBytes,
        state: 'waiting',
        next_at: received.at,
        lease_until: null,
        received_at: received.at,
        ended_at: null,
      })
      .execute();
    return id;
  }

  /**
   * Takes a waiting delivery for one worker; undefined where it has ended, is gone, another one has it, or one before it has its turn: what a vendor says of one thing must not be
   * written in another order. One that is tried again later holds nobody up.
   */
  async take(tx: Tx, id: DeliveryId, now: Temporal.Instant): Promise<DeliveryRow | undefined> {
    return tx.query
      .updateTable('plugin_delivery as d')
      .set((set) => ({ lease_until: now.add(LEASE), attempts: set('attempts', '+', 1) }))
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
      .where(
        sql<boolean>`not exists (select 1 from plugin_delivery e where e.msp_id = d.msp_id and e.webhook_id = d.webhook_id
          and e.state = 'waiting' and e.next_at <= ${now} and (e.received_at, e.id) < (d.received_at, d.id))`,
      )
      .returningAll()
      .executeTakeFirst();
  }

  /** The one of a webhook whose turn is next. */
  async next(tx: Tx, webhookId: WebhookId, now: Temporal.Instant): Promise<DeliveryId | undefined> {
    const row = await tx.query
      .selectFrom('plugin_delivery')
      .select('id')
      .where('webhook_id', '=', webhookId)
      .where('state', '=', 'waiting')
      .where('next_at', '<=', now)
      .orderBy('received_at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    return row?.id;
  }

  /** Whether a later one about the same scope was handled already. Others of the webhook wait until the transaction has ended. */
  async isOvertaken(tx: Tx, row: DeliveryRow, scopeId: RemoteScopeId | null): Promise<boolean> {
    await tx.query.selectFrom('plugin_webhook').select('id').where('id', '=', row.webhook_id).forUpdate().execute();
    const later = await tx.query
      .selectFrom('plugin_delivery')
      .select('id')
      .where('webhook_id', '=', row.webhook_id)
      .where('state', 'in', ['done', 'quarantined'])
      .where(sql<boolean>`(received_at, id) > (${row.received_at}, ${row.id}::uuid)`)
      .where(sql<boolean>`scope_id is not distinct from ${scopeId}::uuid`)
      .limit(1)
      .execute();
    return later.length > 0;
  }

  /** As it was verified. */
  async open(tx: Tx, row: DeliveryRow): Promise<Delivery> {
    if (row.sealed_delivery === null) throw new TypeError('A delivery that waits has its text.');
    const kept = JSON.parse((await this.#box.open(tx, placeOf(row), row.sealed_delivery)).toString()) as Omit<
      Delivery,
      'json'
    >;
    return { ...kept, json: parsed(kept.body) };
  }

  /** Puts it back: for its next try, or (`nextAt` null) until its connection is on. The latter is no try. */
  async wait(tx: Tx, id: DeliveryId, message: string, nextAt: Temporal.Instant | null): Promise<void> {
    await tx.query
      .updateTable('plugin_delivery')
      .set((set) => ({
        lease_until: null,
        next_at: nextAt,
        message,
        ...(nextAt === null ? { attempts: set('attempts', '-', 1) } : {}),
      }))
      .where('id', '=', id)
      .execute();
  }

  /** Ends it. The text of one that was handled is dropped: what it said is in the records. */
  async end(tx: Tx, id: DeliveryId, end: DeliveryEnd, at: Temporal.Instant): Promise<void> {
    const isHandled = end.state === 'done' || end.state === 'quarantined';
    await tx.query
      .updateTable('plugin_delivery')
      .set({
        state: end.state,
        message: end.message.slice(0, 1000),
        scope_id: end.scopeId,
        result: JSON.stringify(end.result ?? {}),
        next_at: null,
        lease_until: null,
        ended_at: at,
        ...(isHandled ? { sealed_delivery: null } : {}),
      })
      .where('id', '=', id)
      .execute();
  }

  /** Has one that did not come through tried again, from the first try on. False where it is in another state. Throws `plugin-events.delivery-not-found`. */
  async revive(tx: Tx, id: DeliveryId, at: Temporal.Instant): Promise<boolean> {
    const row = await tx.query.selectFrom('plugin_delivery').select('state').where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new NotFoundError('plugin-events.delivery-not-found', 'There is no such delivery.');
    const revived = await tx.query
      .updateTable('plugin_delivery')
      .set({ state: 'waiting', attempts: 0, next_at: at, lease_until: null, ended_at: null, message: '' })
      .where('id', '=', id)
      .where('state', 'in', ['failed', 'unroutable'])
      .executeTakeFirst();
    return revived.numUpdatedRows === 1n;
  }

  /** Takes up those that wait for their connection. */
  async wake(tx: Tx, connectionId: ConnectionId, at: Temporal.Instant): Promise<DeliveryId[]> {
    return wakeRows(tx, 'plugin_delivery', connectionId, at);
  }

  /** Those whose turn was long ago: their job is lost. */
  async overdue(tx: Tx, before: Temporal.Instant, limit: number): Promise<DeliveryId[]> {
    return overdueRows(tx, 'plugin_delivery', before, limit);
  }

  async forget(tx: Tx, before: Temporal.Instant): Promise<void> {
    await tx.query.deleteFrom('plugin_delivery').where('received_at', '<', before).execute();
  }
}

function placeOf(row: Pick<DeliveryRow, 'id' | 'client_id'>) {
  return { clientId: row.client_id, table: 'plugin_delivery', rowId: row.id };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
