import { newId, type ClientId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { VOLATILE_FIELDS, type Fact, type StoredFact } from './asset-facts.ts';
import type { AssetId, AssetTables } from './asset-table.ts';

type Tx = ScopedTransaction<AssetTables>;

/** Who an asset is, for the stores of what is known about it. */
export interface AssetKey {
  readonly clientId: ClientId;
  readonly assetId: AssetId;
}

/** A change of what is known, as history keeps it. */
export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The only writer of `asset_fact` and `asset_change`. The caller holds the asset's row. */
export class FactStore {
  async all(tx: Tx, { assetId }: AssetKey): Promise<StoredFact[]> {
    const rows = await tx.query.selectFrom('asset_fact').selectAll().where('asset_id', '=', assetId).execute();
    return rows.map((row) => ({
      field: row.field,
      value: row.value,
      confidence: row.confidence,
      source: row.source,
      observedAt: row.observed_at,
      isLocked: row.is_locked,
      lockedBy: row.locked_by,
    }));
  }

  /**
   * Stores what one source says. The time of a fact moves with each report, but at most twice a day where its value stays; an older report than the stored one
   * changes nothing. `lockedBy` names the person whose word holds from now on.
   */
  async put(
    tx: Tx,
    key: AssetKey,
    said: { source: string; facts: readonly Fact[]; at: Temporal.Instant; lockedBy?: string },
  ): Promise<void> {
    if (said.facts.length === 0) return;
    await tx.sql(
      `with given as (select g.field, g.value, g.confidence from jsonb_to_recordset($5::jsonb) as g (field text, value jsonb, confidence smallint))
       insert into asset_fact (msp_id, client_id, asset_id, source, field, value, confidence, observed_at, is_locked, locked_by)
       select $1, $2, $3, $4, g.field, g.value, g.confidence, $6::timestamptz, $7::text is not null, $7
       from given g left join asset_fact f on f.msp_id = $1 and f.asset_id = $3 and f.field = g.field and f.source = $4
       where f.field is null or (f.observed_at <= $6 and (f.value <> g.value or f.confidence <> g.confidence or $7 is not null or f.observed_at < $6::timestamptz - interval '12 hours'))
       on conflict (msp_id, asset_id, field, source) do update
         set value = excluded.value, confidence = excluded.confidence, observed_at = excluded.observed_at, is_locked = excluded.is_locked, locked_by = excluded.locked_by`,
      [
        tx.scope.mspId,
        key.clientId,
        key.assetId,
        said.source,
        JSON.stringify(said.facts),
        said.at,
        said.lockedBy ?? null,
      ],
    );
  }

  /** Takes back what a source says of some fields. */
  async remove(tx: Tx, { assetId }: AssetKey, source: string, fields: readonly string[]): Promise<void> {
    if (fields.length === 0) return;
    await tx.query
      .deleteFrom('asset_fact')
      .where('asset_id', '=', assetId)
      .where('source', '=', source)
      .where('field', 'in', fields)
      .execute();
  }

  /** Forgets all that a source says of an asset; answers whether anybody else says something. */
  async forget(tx: Tx, assetId: AssetId, source: string): Promise<boolean> {
    await tx.query.deleteFrom('asset_fact').where('asset_id', '=', assetId).where('source', '=', source).execute();
    const left = await tx.query
      .selectFrom('asset_fact')
      .select('field')
      .where('asset_id', '=', assetId)
      .limit(1)
      .executeTakeFirst();
    return left !== undefined;
  }

  async addChanges(
    tx: Tx,
    key: AssetKey,
    changes: readonly FieldChange[],
    by: { source: string; at: Temporal.Instant; actorLabel: string | null },
  ): Promise<void> {
    const kept = changes.filter((change) => !VOLATILE_FIELDS.has(change.field));
    if (kept.length === 0) return;
    const rows = kept.map((change) => ({ id: newId(), ...change }));
    await tx.sql(
      `insert into asset_change (msp_id, id, client_id, asset_id, at, field, before, after, source, actor_label)
       select $1, c.id, $2, $3, $4, c.field, nullif(c.before, 'null'::jsonb), nullif(c.after, 'null'::jsonb), $5, $6
       from jsonb_to_recordset($7::jsonb) as c (id uuid, field text, before jsonb, after jsonb)`,
      [tx.scope.mspId, key.clientId, key.assetId, by.at, by.source, by.actorLabel, JSON.stringify(rows)],
    );
  }
}
