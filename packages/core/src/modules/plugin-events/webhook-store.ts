import { createHash, randomBytes } from 'node:crypto';
import { sql, type Selectable } from 'kysely';
import { NotFoundError } from '#kernel/errors';
import { newId, type ClientId } from '#kernel/id';
import type { Directory } from '#modules/directory';
import type { ConnectionId } from '#modules/plugin-host';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { SecretBox, SecretPlace } from '#platform/secrets/secret-box';
import type { PluginEventTables, WebhookId } from './events-table.ts';

type Tx = ScopedTransaction<PluginEventTables>;
export type WebhookRow = Selectable<PluginEventTables['plugin_webhook']>;

const ROUTE = 'webhook';
const ADDRESS_BYTES = 32;

interface Deps {
  readonly box: SecretBox;
  readonly directory: Directory;
}

/** The only writer of `plugin_webhook` and `plugin_delivery_key`. */
export class WebhookStore {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Makes a webhook with an address that cannot be guessed. Nothing happens where it is there. */
  async open(
    tx: Tx,
    webhook: { connectionId: ConnectionId; clientId: ClientId | null; name: string },
    at: Temporal.Instant,
  ): Promise<void> {
    const id = newId<'plugin-webhook'>();
    const address = makeAddress();
    const made = await tx.query
      .insertInto('plugin_webhook')
      .values({
        msp_id: tx.scope.mspId,
        id,
        client_id: webhook.clientId,
        connection_id: webhook.connectionId,
        name: webhook.name,
        sealed_address: await this.#deps.box.seal(tx, placeOf({ id, client_id: webhook.clientId }), address),
        previous_until: null,
        last_received_at: null,
        last_refused_at: null,
        last_refusal: null,
        created_at: at,
      })
      .onConflict((conflict) => conflict.columns(['msp_id', 'connection_id', 'name']).doNothing())
      .executeTakeFirst();
    if (made.numInsertedOrUpdatedRows === 1n) await this.#route(tx, { id, client_id: webhook.clientId }, address);
  }

  /** Gives it another address; the one before is taken until `previousUntil`. */
  async replaceAddress(tx: Tx, row: WebhookRow, previousUntil: Temporal.Instant | null): Promise<string> {
    const { directory, box } = this.#deps;
    const address = makeAddress();
    if (previousUntil === null) await directory.removeRoutes(tx, ROUTE, row.id);
    else await directory.endRoutes(tx, ROUTE, row.id, previousUntil);
    await this.#route(tx, row, address);
    await tx.query
      .updateTable('plugin_webhook')
      .set({ sealed_address: await box.seal(tx, placeOf(row), address), previous_until: previousUntil })
      .where('id', '=', row.id)
      .execute();
    return address;
  }

  /** The address in the clear, for whoever sets it up at the vendor. */
  async address(tx: AnyTransaction, row: WebhookRow): Promise<string> {
    return (await this.#deps.box.open(tx, placeOf(row), row.sealed_address)).toString();
  }

  async find(tx: Tx, id: WebhookId): Promise<WebhookRow | undefined> {
    return tx.query.selectFrom('plugin_webhook').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** The webhook, locked for a change. Throws `plugin-events.webhook-not-found`, also for another tenant's. */
  async forChange(tx: Tx, id: WebhookId): Promise<WebhookRow> {
    const row = await tx.query
      .selectFrom('plugin_webhook')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw webhookNotFound();
    return row;
  }

  async ofConnection(tx: Tx, connectionId: ConnectionId): Promise<WebhookRow[]> {
    return tx.query.selectFrom('plugin_webhook').selectAll().where('connection_id', '=', connectionId).execute();
  }

  /** Counts a good delivery. */
  async received(tx: Tx, id: WebhookId, at: Temporal.Instant): Promise<void> {
    await tx.query
      .updateTable('plugin_webhook')
      .set({ received: sql`received + 1`, refused_in_row: 0, last_received_at: at })
      .where('id', '=', id)
      .execute();
  }

  /** Counts a refused one; answers how many in a row that were. */
  async refused(tx: Tx, id: WebhookId, reason: string, at: Temporal.Instant): Promise<number> {
    const row = await tx.query
      .updateTable('plugin_webhook')
      .set({
        refused: sql`refused + 1`,
        refused_in_row: sql`refused_in_row + 1`,
        last_refused_at: at,
        last_refusal: reason,
      })
      .where('id', '=', id)
      .returning('refused_in_row')
      .executeTakeFirst();
    return row?.refused_in_row ?? 0;
  }

  /** Counts deliveries, or records of one, that belong to no scope that is known. */
  async unroutable(tx: Tx, id: WebhookId, count: number): Promise<void> {
    await tx.query
      .updateTable('plugin_webhook')
      .set({ unroutable: sql`unroutable + ${count}` })
      .where('id', '=', id)
      .execute();
  }

  /** Remembers a delivery by its ids; false where one of them is remembered already. */
  async remember(
    tx: Tx,
    row: WebhookRow,
    ids: readonly string[],
    times: { now: Temporal.Instant; until: Temporal.Instant },
  ): Promise<boolean> {
    // In one order for everybody: two deliveries with the same ids must not wait for each other.
    const keys = [...new Set(ids.map((id) => createHash('sha256').update(id).digest('base64url')))].toSorted();
    const fresh = await tx.sql(
      `insert into plugin_delivery_key (msp_id, client_id, webhook_id, key, expires_at) select $1, $2, $3, unnest($4::text[]), $5
       on conflict (msp_id, webhook_id, key) do update set expires_at = excluded.expires_at where plugin_delivery_key.expires_at <= $6 returning 1 as one`,
      [tx.scope.mspId, row.client_id, row.id, keys, times.until, times.now],
    );
    return fresh.length === keys.length;
  }

  async forgetKeys(tx: Tx, before: Temporal.Instant): Promise<void> {
    await tx.query.deleteFrom('plugin_delivery_key').where('expires_at', '<=', before).execute();
  }

  /** Takes all webhooks of a connection away, with what was delivered to them: their addresses lead nowhere from the commit on. */
  async remove(tx: Tx, connectionId: ConnectionId): Promise<void> {
    const rows = await tx.query
      .deleteFrom('plugin_webhook')
      .where('connection_id', '=', connectionId)
      .returning('id')
      .execute();
    for (const { id } of rows) await this.#deps.directory.removeRoutes(tx, ROUTE, id);
  }

  async #route(tx: Tx, row: Pick<WebhookRow, 'id' | 'client_id'>, address: string): Promise<void> {
    await this.#deps.directory.addRoute(tx, {
      kind: ROUTE,
      secret: address,
      clientId: row.client_id,
      subjectId: row.id,
    });
  }
}

function makeAddress(): string {
  return randomBytes(ADDRESS_BYTES).toString('base64url');
}

function placeOf(row: Pick<WebhookRow, 'id' | 'client_id'>): SecretPlace {
  return { clientId: row.client_id, table: 'plugin_webhook', rowId: row.id };
}

export function webhookNotFound(): NotFoundError {
  return new NotFoundError('plugin-events.webhook-not-found', 'There is no such webhook.');
}
