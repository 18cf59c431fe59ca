import { sql } from 'kysely';
import { newId, type ClientId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { InstallState } from './patch.ts';
import type { PatchBatchId, PatchInstallId, PatchTables, PatchUpdateId } from './patch-table.ts';

type Tx = ScopedTransaction<PatchTables>;

/** How a package of an installation ended, as the machine says. */
export interface PackageEnd {
  readonly name: string;
  readonly outcome: string;
  readonly versionAfter?: string | undefined;
  readonly message?: string | undefined;
}

/** The only writer of `patch_batch`, `patch_install` and `patch_result`. */
export class InstallStore {
  async pendingOf(
    tx: Tx,
    assetIds: readonly AssetId[],
    updateIds: readonly PatchUpdateId[] | undefined,
  ): Promise<{ assetId: AssetId; updateId: PatchUpdateId; name: string; version: string }[]> {
    let list = tx.query
      .selectFrom('patch_pending as p')
      .innerJoin('patch_update as u', 'u.id', 'p.update_id')
      .select(['p.asset_id as assetId', 'u.id as updateId', 'u.name', 'u.version'])
      .where('p.asset_id', '=', sql<never>`any(${assetIds}::uuid[])`);
    if (updateIds !== undefined) list = list.where('u.id', '=', sql<never>`any(${updateIds}::uuid[])`);
    return list.orderBy('u.name').execute();
  }

  /** Assets with an installation that has not ended. */
  async busy(tx: Tx, assetIds: readonly AssetId[]): Promise<Set<AssetId>> {
    const rows = await tx.query
      .selectFrom('patch_install')
      .select('asset_id')
      .where('asset_id', '=', sql<never>`any(${assetIds}::uuid[])`)
      .where('finished_at', 'is', null)
      .execute();
    return new Set(rows.map((row) => row.asset_id));
  }

  async insertBatch(
    tx: Tx,
    batch: { reason: string; assetCount: number; clientCount: number; at: Temporal.Instant },
  ): Promise<PatchBatchId> {
    const id = newId<'patch-batch'>();
    const { actor } = tx.scope;
    await tx.query
      .insertInto('patch_batch')
      .values({
        msp_id: tx.scope.mspId,
        id,
        reason: batch.reason,
        asset_count: batch.assetCount,
        client_count: batch.clientCount,
        actor_id: actor.id,
        actor_label: actor.label,
        created_at: batch.at,
      })
      .execute();
    return id;
  }

  async insertInstall(
    tx: Tx,
    install: {
      batchId: PatchBatchId;
      clientId: ClientId;
      assetId: AssetId;
      orderId: string;
      reason: string;
      at: Temporal.Instant;
      updateIds: readonly PatchUpdateId[];
    },
  ): Promise<void> {
    const id = newId<'patch-install'>();
    const head = { msp_id: tx.scope.mspId, client_id: install.clientId };
    await tx.query
      .insertInto('patch_install')
      .values({
        ...head,
        id,
        asset_id: install.assetId,
        batch_id: install.batchId,
        order_id: install.orderId,
        state: 'queued',
        message: null,
        reason: install.reason,
        actor_label: tx.scope.actor.label,
        created_at: install.at,
        finished_at: null,
      })
      .execute();
    const results = install.updateIds.map((updateId) => ({
      ...head,
      install_id: id,
      update_id: updateId,
      outcome: 'waiting',
      version_after: null,
      message: null,
    }));
    await tx.query.insertInto('patch_result').values(results).execute();
  }

  /** The open installation that an order carries, locked; undefined for other orders and for what has ended. */
  async openByOrder(
    tx: Tx,
    orderId: string,
  ): Promise<{ id: PatchInstallId; clientId: ClientId; assetId: AssetId; batchId: PatchBatchId } | undefined> {
    const row = await tx.query
      .selectFrom('patch_install')
      .selectAll()
      .where('order_id', '=', orderId)
      .where('finished_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    return row === undefined
      ? undefined
      : { id: row.id, clientId: row.client_id, assetId: row.asset_id, batchId: row.batch_id };
  }

  /** Ends an installation with what came of each package; packages that nobody spoke of are `unknown`. */
  async finish(
    tx: Tx,
    id: PatchInstallId,
    end: { state: InstallState; message: string | null; packages: readonly PackageEnd[]; at: Temporal.Instant },
  ): Promise<void> {
    await tx.query
      .updateTable('patch_install')
      .set({ state: end.state, message: end.message, finished_at: end.at })
      .where('id', '=', id)
      .execute();
    const said = (of: (item: PackageEnd) => string | null | undefined): (string | null)[] =>
      end.packages.map((item) => of(item) ?? null);
    await tx.sql(
      `update patch_result r set outcome = coalesce(given.outcome, 'unknown'), version_after = given.version_after, message = given.message
       from patch_update u left join (select distinct on (name) * from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as g (name, outcome, version_after, message)) given on given.name = u.name
       where r.msp_id = $1 and r.install_id = $2 and u.msp_id = $1 and u.id = r.update_id`,
      [
        tx.scope.mspId,
        id,
        said((item) => item.name),
        said((item) => item.outcome),
        said((item) => item.versionAfter),
        said((item) => item.message),
      ],
    );
  }

  /** Installations that were asked for before an instant and never ended. */
  async openBefore(
    tx: Tx,
    before: Temporal.Instant,
  ): Promise<{ id: PatchInstallId; clientId: ClientId; assetId: AssetId; batchId: PatchBatchId }[]> {
    const rows = await tx.query
      .selectFrom('patch_install')
      .selectAll()
      .where('finished_at', 'is', null)
      .where('created_at', '<', before)
      .limit(500)
      .forUpdate()
      .execute();
    return rows.map((row) => ({ id: row.id, clientId: row.client_id, assetId: row.asset_id, batchId: row.batch_id }));
  }
}
