import { ConflictError, NotFoundError } from '#kernel/errors';
import { newId, type ClientId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { AssetId, AssetTables } from './asset-table.ts';

export type AssetRow = Selectable<AssetTables['asset']>;
type Tx = ScopedTransaction<AssetTables>;

/** PostgreSQL's `foreign_key_violation` and `insufficient_privilege` (a row outside the policies). */
const NOT_THERE: ReadonlySet<string> = new Set(['23503', '42501']);

/** The only writer of `asset`, `asset_presence` and `asset_relation`. */
export class AssetStore {
  /** Adds an asset. Throws `assets.client-not-found` where client or site is not there for the scope. */
  async insert(tx: Tx, asset: Omit<Insertable<AssetTables['asset']>, 'msp_id'>): Promise<void> {
    try {
      await tx.query
        .insertInto('asset')
        .values({ ...asset, msp_id: tx.scope.mspId })
        .execute();
      await tx.sql('insert into asset_presence (msp_id, client_id, asset_id) values ($1, $2, $3)', [
        tx.scope.mspId,
        asset.client_id,
        asset.id,
      ]);
      await this.#checkReferences(tx);
    } catch (error) {
      throw isNotThere(error)
        ? new NotFoundError('assets.client-not-found', 'There is no such client, or the client has no such site.', {
            cause: error,
          })
        : error;
    }
  }

  /** The asset, locked for a change. Throws `assets.asset-not-found`, also for another tenant's. */
  async forChange(tx: Tx, id: AssetId): Promise<AssetRow> {
    const row = await tx.query.selectFrom('asset').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) throw new NotFoundError('assets.asset-not-found', 'There is no such asset.');
    return row;
  }

  /** Changes an asset that the caller read at `version`. Throws `assets.asset-changed` when somebody else was first. */
  async update(
    tx: Tx,
    id: AssetId,
    version: number,
    change: Omit<Updateable<AssetTables['asset']>, 'version'>,
  ): Promise<void> {
    try {
      const result = await tx.query
        .updateTable('asset')
        .set({ ...change, version: version + 1 })
        .where('id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n)
        throw new ConflictError(
          'assets.asset-changed',
          'Somebody else changed this asset meanwhile. Look at it again, then repeat your change.',
        );
      if (change.site_id !== undefined) await this.#checkReferences(tx);
    } catch (error) {
      throw isNotThere(error)
        ? new NotFoundError('assets.site-not-found', 'The client of this asset has no such site.', { cause: error })
        : error;
    }
  }

  /** Notes that a machine was heard of, at most once in `coarsenessSeconds`; says whether it wrote. Older news is ignored. */
  async markSeen(tx: Tx, id: AssetId, at: Temporal.Instant, coarsenessSeconds: number): Promise<boolean> {
    const written = await tx.query
      .updateTable('asset_presence')
      .set({ last_seen_at: at })
      .where('asset_id', '=', id)
      .where('last_seen_at', '<=', at.subtract({ seconds: coarsenessSeconds }))
      .executeTakeFirst();
    return written.numUpdatedRows > 0n;
  }

  async markManySeen(
    tx: Tx,
    sightings: readonly { readonly assetId: AssetId; readonly at: Temporal.Instant }[],
    now: Temporal.Instant,
    coarsenessSeconds: number,
  ): Promise<void> {
    await tx.sql(
      `update asset_presence p set last_seen_at = least(seen.at, $4)
       from (select asset_id, max(at) as at from unnest($2::uuid[], $3::timestamptz[]) as given (asset_id, at) group by asset_id) seen
       where p.msp_id = $1 and p.asset_id = seen.asset_id and p.last_seen_at <= least(seen.at, $4::timestamptz) - make_interval(secs => $5)`,
      [
        tx.scope.mspId,
        sightings.map(({ assetId }) => assetId),
        sightings.map(({ at }) => at.toString()),
        now,
        coarsenessSeconds,
      ],
    );
  }

  /** Notes that a source manages the asset now; writes only where none did. */
  async markManaged(tx: Tx, id: AssetId): Promise<void> {
    await tx.sql(
      'update asset set is_managed = true, version = version + 1 where msp_id = $1 and id = $2 and not is_managed',
      [tx.scope.mspId, id],
    );
  }

  async insertRelation(
    tx: Tx,
    relation: Omit<Insertable<AssetTables['asset_relation']>, 'msp_id' | 'id'>,
  ): Promise<void> {
    await tx.query
      .insertInto('asset_relation')
      .values({ ...relation, msp_id: tx.scope.mspId, id: newId() })
      .onConflict((conflict) => conflict.columns(['msp_id', 'asset_id', 'to_asset_id', 'kind']).doNothing())
      .execute();
  }

  /** Takes a relation away; says whether there was one. */
  async deleteRelation(
    tx: Tx,
    from: { clientId: ClientId; assetId: AssetId },
    toAssetId: AssetId,
    kind: AssetTables['asset_relation']['kind'],
  ): Promise<boolean> {
    const result = await tx.query
      .deleteFrom('asset_relation')
      .where('client_id', '=', from.clientId)
      .where('asset_id', '=', from.assetId)
      .where('to_asset_id', '=', toAssetId)
      .where('kind', '=', kind)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  /** References are checked at commit; here is where the error can still be told in words. */
  async #checkReferences(tx: Tx): Promise<void> {
    await tx.sql('set constraints asset_client, asset_site immediate');
    await tx.sql('set constraints asset_client, asset_site deferred');
  }
}

function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NOT_THERE.has(String(error.code));
}
