import type { AlertId } from '#modules/alerts';
import type { AssetId } from '#modules/assets';
import type { ConnectionId } from '#modules/plugin-host';
import type { RemoteScopeId } from '#modules/plugin-scopes';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LandingRecord } from './landing.ts';
import type { SyncTables } from './sync-table.ts';

type Tx = ScopedTransaction<SyncTables>;

/** What applying a record came to. */
export interface Landed {
  readonly problem: string | null;
  readonly assetId?: AssetId | null;
  readonly alertId?: AlertId | null;
}

const COLUMNS = `id, client_id as "clientId", connection_id as "connectionId", remote_scope_id as "scopeId", entity, external_id as "externalId", device_ref as "deviceRef", data, observed,
  deleted_at is not null as "isDeleted", asset_id as "assetId", changed_at as "changedAt", version`;

/** What is to be applied to other modules, and what came of it. */
export class LandingStore {
  /** The next records of a connection: devices first, for others hang on them. Taken for this transaction; another worker takes others. */
  async take(tx: Tx, connectionId: ConnectionId, limit: number): Promise<LandingRecord[]> {
    return tx.sql<LandingRecord>(
      `select ${COLUMNS} from plugin_entity
       where msp_id = $1 and connection_id = $2 and is_landing_due and client_id is not null
       order by case entity when 'device' then 0 else 1 end, id limit $3 for update skip locked`,
      [tx.scope.mspId, connectionId, limit],
    );
  }

  /** The assets of device records, by their ids at the vendor. */
  async assetsOf(tx: Tx, scopeId: RemoteScopeId, deviceRefs: readonly string[]): Promise<ReadonlyMap<string, AssetId>> {
    const rows = await tx.sql<{ external_id: string; asset_id: AssetId }>(
      `select external_id, asset_id from plugin_entity
       where msp_id = $1 and remote_scope_id = $2 and entity = 'device' and external_id = any($3::text[]) and asset_id is not null`,
      [tx.scope.mspId, scopeId, [...new Set(deviceRefs)]],
    );
    return new Map(rows.map((row) => [row.external_id, row.asset_id]));
  }

  /** All software records of a device that are there now. */
  async softwareOf(tx: Tx, scopeId: RemoteScopeId, deviceRef: string): Promise<unknown[]> {
    const rows = await tx.sql<{ data: unknown }>(
      `select data from plugin_entity where msp_id = $1 and remote_scope_id = $2 and entity = 'software' and device_ref = $3 and deleted_at is null order by external_id`,
      [tx.scope.mspId, scopeId, deviceRef],
    );
    return rows.map((row) => row.data);
  }

  /** Notes what came of a record. */
  async landed(tx: Tx, record: LandingRecord, { problem, assetId, alertId }: Landed): Promise<void> {
    await tx.query
      .updateTable('plugin_entity')
      .set({
        is_landing_due: false,
        landing_problem: problem,
        ...(assetId === undefined ? {} : { asset_id: assetId }),
        ...(alertId === undefined ? {} : { alert_id: alertId }),
      })
      .where('id', '=', record.id)
      .execute();
  }

  /** Notes the same for many records at once. */
  async allLanded(tx: Tx, records: readonly LandingRecord[], landed: Landed): Promise<void> {
    if (records.length === 0) return;
    await tx.sql(
      `update plugin_entity set is_landing_due = false, landing_problem = $3, asset_id = coalesce($4, asset_id) where msp_id = $1 and id = any($2::uuid[])`,
      [tx.scope.mspId, records.map((record) => record.id), landed.problem, landed.assetId ?? null],
    );
  }

  /** A device has its asset now: what hangs on it can be applied. */
  async wakeDependents(tx: Tx, device: LandingRecord): Promise<void> {
    await tx.sql(
      `update plugin_entity set is_landing_due = true
       where msp_id = $1 and remote_scope_id = $2 and entity in ('software', 'alert', 'metric') and device_ref = $3 and asset_id is null and deleted_at is null`,
      [tx.scope.mspId, device.scopeId, device.externalId],
    );
  }
}
