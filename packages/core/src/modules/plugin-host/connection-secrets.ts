import type { Clock } from '#kernel/clock';
import { newId, type ClientId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { SecretBox, SecretPlace } from '#platform/secrets/secret-box';
import type { ConnectionId, PluginHostTables } from './plugin-host-table.ts';

const TABLE = 'plugin_connection_secret';

/** Whose secret: a connection's, and with it its client's. */
export interface SecretOwner {
  readonly id: ConnectionId;
  readonly clientId: ClientId | null;
}

/** The only writer of `plugin_connection_secret`: what people typed and what vendors gave, sealed at its row. Nothing but a call's broker opens one. */
export class ConnectionSecrets {
  readonly #box: SecretBox;
  readonly #clock: Clock;

  constructor(deps: { box: SecretBox; clock: Clock }) {
    this.#box = deps.box;
    this.#clock = deps.clock;
  }

  /** Seals a value in the place of whatever was there. */
  async set(
    within: AnyTransaction,
    owner: SecretOwner,
    secret: { kind: 'field' | 'token'; name: string; value: string },
  ): Promise<void> {
    const tx = within.typed<PluginHostTables>();
    await this.delete(tx, owner.id, secret);
    const id = newId();
    await tx.query
      .insertInto(TABLE)
      .values({
        msp_id: tx.scope.mspId,
        id,
        client_id: owner.clientId,
        connection_id: owner.id,
        kind: secret.kind,
        name: secret.name,
        sealed: await this.#box.seal(tx, placeOf(owner.clientId, id), secret.value),
        expires_at: null,
        updated_at: this.#clock.now(),
      })
      .execute();
  }

  async get(
    within: AnyTransaction,
    connectionId: ConnectionId,
    secret: { kind: 'field' | 'token'; name: string },
  ): Promise<string | null> {
    const tx = within.typed<PluginHostTables>();
    const row = await tx.query
      .selectFrom(TABLE)
      .selectAll()
      .where('connection_id', '=', connectionId)
      .where('kind', '=', secret.kind)
      .where('name', '=', secret.name)
      .executeTakeFirst();
    if (row === undefined) return null;
    return (await this.#box.open(tx, placeOf(row.client_id, row.id), row.sealed)).toString();
  }

  async delete(
    within: AnyTransaction,
    connectionId: ConnectionId,
    secret: { kind: 'field' | 'token'; name: string },
  ): Promise<void> {
    await within
      .typed<PluginHostTables>()
      .query.deleteFrom(TABLE)
      .where('connection_id', '=', connectionId)
      .where('kind', '=', secret.kind)
      .where('name', '=', secret.name)
      .execute();
  }

  /** What people typed, opened, by the fields' names. */
  async fields(within: AnyTransaction, connectionId: ConnectionId): Promise<Record<string, string>> {
    return this.#open(within, connectionId, 'field');
  }

  /** Every sealed text of the connection, to be looked for where it must not be. */
  async all(within: AnyTransaction, connectionId: ConnectionId): Promise<string[]> {
    const both = [await this.#open(within, connectionId, 'field'), await this.#open(within, connectionId, 'token')];
    return both.flatMap((secrets) => Object.values(secrets));
  }

  /** Which fields are filled in, by connection. */
  async names(
    within: AnyTransaction,
    connectionIds: readonly ConnectionId[],
  ): Promise<ReadonlyMap<ConnectionId, string[]>> {
    if (connectionIds.length === 0) return new Map();
    const rows = await within
      .typed<PluginHostTables>()
      .query.selectFrom(TABLE)
      .select(['connection_id', 'name'])
      .where('connection_id', 'in', [...connectionIds])
      .where('kind', '=', 'field')
      .execute();
    const grouped = Map.groupBy(rows, (row) => row.connection_id);
    return new Map([...grouped].map(([id, names]) => [id, names.map(({ name }) => name)]));
  }

  /** Forgets what the vendor gave: the next request signs in anew. */
  async forgetTokens(within: AnyTransaction, connectionId: ConnectionId): Promise<void> {
    await within
      .typed<PluginHostTables>()
      .query.deleteFrom(TABLE)
      .where('connection_id', '=', connectionId)
      .where('kind', '=', 'token')
      .execute();
  }

  async #open(
    within: AnyTransaction,
    connectionId: ConnectionId,
    kind: 'field' | 'token',
  ): Promise<Record<string, string>> {
    const tx = within.typed<PluginHostTables>();
    const rows = await tx.query
      .selectFrom(TABLE)
      .selectAll()
      .where('connection_id', '=', connectionId)
      .where('kind', '=', kind)
      .orderBy('name')
      .execute();
    const opened: [string, string][] = [];
    for (const row of rows)
      opened.push([row.name, (await this.#box.open(tx, placeOf(row.client_id, row.id), row.sealed)).toString()]);
    return Object.fromEntries(opened);
  }
}

function placeOf(clientId: ClientId | null, rowId: string): SecretPlace {
  return { clientId, table: TABLE, rowId };
}
