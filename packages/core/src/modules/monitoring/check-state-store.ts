import type { Selectable } from 'kysely';
import type { AssetId } from '#modules/assets';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { CheckId, MonitoringTables } from './monitoring-table.ts';

export type StateRow = Selectable<MonitoringTables['monitoring_state']>;
type Tx = ScopedTransaction<MonitoringTables>;
type Key = Pick<StateRow, 'asset_id' | 'check_id' | 'series'>;

/** The only writer of `monitoring_state`: what is pending or firing. What is all right has no row. */
export class CheckStateStore {
  async ofAsset(tx: Tx, assetId: AssetId): Promise<StateRow[]> {
    return tx.sql<StateRow>('select * from monitoring_state where msp_id = $1 and asset_id = $2', [
      tx.scope.mspId,
      assetId,
    ]);
  }

  async ofCheck(tx: Tx, checkId: CheckId): Promise<StateRow[]> {
    return tx.query.selectFrom('monitoring_state').selectAll().where('check_id', '=', checkId).forUpdate().execute();
  }

  async put(tx: Tx, state: StateRow): Promise<void> {
    const { phase, since, last_at, last_value } = state;
    await tx.query
      .insertInto('monitoring_state')
      .values(state)
      .onConflict((conflict) =>
        conflict
          .columns(['msp_id', 'asset_id', 'check_id', 'series'])
          .doUpdateSet({ phase, since, last_at, last_value }),
      )
      .execute();
  }

  async remove(tx: Tx, key: Key): Promise<void> {
    await tx.query
      .deleteFrom('monitoring_state')
      .where('asset_id', '=', key.asset_id)
      .where('check_id', '=', key.check_id)
      .where('series', '=', key.series)
      .execute();
  }
}
