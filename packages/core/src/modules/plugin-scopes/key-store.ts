import { sql } from 'kysely';
import { newId, type ClientId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { isKey, type Hint } from './evidence.ts';
import type { RemoteScopeId } from './remote-scope.ts';
import type { PluginScopeTables, ScopeKeyId } from './scope-table.ts';

type Tx = ScopedTransaction<PluginScopeTables>;

/** The only writer of `plugin_scope_key`: what is known to be one client's and nobody else's. */
export class KeyStore {
  /** Keeps the keys of scopes that are now mapped, as their clients'. What is known already stays as it is. */
  async learn(
    tx: Tx,
    mapped: readonly { id: RemoteScopeId; clientId: ClientId; hints: readonly Hint[] }[],
    by: string,
    now: Temporal.Instant,
  ): Promise<void> {
    const rows = mapped.flatMap((scope) =>
      scope.hints.filter(isKey).map(({ kind, namespace, value }) => ({
        id: newId(),
        client_id: scope.clientId,
        learned_from: scope.id,
        kind,
        namespace,
        value,
      })),
    );
    if (rows.length === 0) return;
    await tx.sql(
      `insert into plugin_scope_key (msp_id, id, client_id, kind, namespace, value, learned_from, created_at, created_by)
       select $1, g.id, g.client_id, g.kind, g.namespace, g.value, g.learned_from, $3, $4
       from jsonb_to_recordset($2::jsonb) as g (id uuid, client_id uuid, kind text, namespace text, value text, learned_from uuid)
       on conflict (msp_id, client_id, kind, namespace, value) do nothing`,
      [tx.scope.mspId, JSON.stringify(rows), now, by],
    );
  }

  /** Forgets what these scopes taught: their mappings were wrong. */
  async forget(tx: Tx, scopeIds: readonly RemoteScopeId[]): Promise<void> {
    await tx.query
      .deleteFrom('plugin_scope_key')
      .where('learned_from', '=', sql<never>`any(${scopeIds}::uuid[])`)
      .execute();
  }

  /** Whose these keys are; of keys that nobody has, nothing. */
  async holders(tx: Tx, hints: readonly Hint[]): Promise<{ hint: Hint; clientId: ClientId }[]> {
    const keys = hints.filter(isKey);
    if (keys.length === 0) return [];
    const rows = await tx.sql<Hint & { client_id: ClientId }>(
      `select k.kind, k.namespace, k.value, k.client_id from plugin_scope_key k
       join jsonb_to_recordset($2::jsonb) as g (kind text, namespace text, value text) on g.kind = k.kind and g.namespace = k.namespace and g.value = k.value
       where k.msp_id = $1`,
      [tx.scope.mspId, JSON.stringify(keys)],
    );
    return rows.map(({ client_id, ...hint }) => ({ hint, clientId: client_id }));
  }

  /** Adds a key that a person states. Answers null where the client has it already. */
  async add(
    tx: Tx,
    key: { clientId: ClientId; hint: Hint; by: string; at: Temporal.Instant },
  ): Promise<ScopeKeyId | null> {
    if (!isKey(key.hint)) return null;
    const row = await tx.query
      .insertInto('plugin_scope_key')
      .values({
        msp_id: tx.scope.mspId,
        id: newId(),
        client_id: key.clientId,
        kind: key.hint.kind,
        namespace: key.hint.namespace,
        value: key.hint.value,
        learned_from: null,
        created_at: key.at,
        created_by: key.by,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    return row?.id ?? null;
  }

  async remove(tx: Tx, id: ScopeKeyId): Promise<{ client_id: ClientId; kind: string; value: string } | undefined> {
    return tx.query
      .deleteFrom('plugin_scope_key')
      .where('id', '=', id)
      .returning(['client_id', 'kind', 'value'])
      .executeTakeFirst();
  }
}
