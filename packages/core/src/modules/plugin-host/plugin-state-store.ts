import { NotSupported, type Json } from '@bailiwick/sdk';
import { sql } from 'kysely';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { SecretOwner } from './connection-secrets.ts';
import type { PluginHostTables } from './plugin-host-table.ts';

const MAX_KEY = 200;
const MAX_VALUE_BYTES = 64 * 1024;
const MAX_TOTAL_BYTES = 1024 * 1024;

/** What a plugin remembers, for one connection and one of its scopes. The only writer of `plugin_state`. */
export class PluginState {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; clock: Clock }) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#clock = deps.clock;
  }

  async get(scope: TenantScope, owner: SecretOwner, remote: string, key: string): Promise<Json | undefined> {
    assertKey(key);
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('plugin_state')
        .select('value')
        .where('connection_id', '=', owner.id)
        .where('scope', '=', remote)
        .where('key', '=', key),
    );
    return row?.value.json;
  }

  /** Throws `NotSupported` beyond 64 KiB for the value, or 1 MiB for all values of the connection and scope. */
  async set(scope: TenantScope, owner: SecretOwner, remote: string, key: string, value: Json): Promise<void> {
    assertKey(key);
    const text = JSON.stringify({ json: value });
    const size = Buffer.byteLength(text);
    if (size > MAX_VALUE_BYTES) throw new NotSupported('A value of the state has at most 64 KiB as JSON.');
    if (text.includes('\\u0000')) throw new NotSupported('A value of the state has no null characters.');
    await this.#db.transaction(scope, async (tx) => {
      // One writer at a time, so that two at once cannot pass the cap together.
      await tx.sql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`plugin state ${owner.id} ${remote}`]);
      const { total } = await tx.query
        .selectFrom('plugin_state')
        .select(sql<number>`coalesce(sum(size_bytes), 0)::bigint`.as('total'))
        .where('connection_id', '=', owner.id)
        .where('scope', '=', remote)
        .where('key', '<>', key)
        .executeTakeFirstOrThrow();
      if (total + size > MAX_TOTAL_BYTES) throw new NotSupported('The state has at most 1 MiB for all values.');
      const now = this.#clock.now();
      await tx.query
        .insertInto('plugin_state')
        .values({
          msp_id: scope.mspId,
          client_id: owner.clientId,
          connection_id: owner.id,
          scope: remote,
          key,
          value: text,
          size_bytes: size,
          updated_at: now,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['msp_id', 'connection_id', 'scope', 'key'])
            .doUpdateSet({ value: text, size_bytes: size, updated_at: now }),
        )
        .execute();
    });
  }

  async delete(scope: TenantScope, owner: SecretOwner, remote: string, key: string): Promise<void> {
    assertKey(key);
    await this.#db.transaction(scope, async (tx) => {
      await tx.query
        .deleteFrom('plugin_state')
        .where('connection_id', '=', owner.id)
        .where('scope', '=', remote)
        .where('key', '=', key)
        .execute();
    });
  }
}

function assertKey(key: string): void {
  if (key === '' || key.length > MAX_KEY || key.includes('\0') || !key.isWellFormed())
    throw new NotSupported(`A key of the state has 1 to ${MAX_KEY} characters.`);
}
