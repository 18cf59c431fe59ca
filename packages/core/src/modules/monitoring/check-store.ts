import { sql, type Insertable } from 'kysely';
import { ConflictError, NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { CheckRow, OverrideRow } from './check-rules.ts';
import type { CheckId, MonitoringTables, OverrideId } from './monitoring-table.ts';

type Tx = ScopedTransaction<MonitoringTables>;

/** The only writer of `monitoring_check` and `monitoring_override`. */
export class CheckStore {
  async insert(tx: Tx, check: Insertable<MonitoringTables['monitoring_check']>): Promise<void> {
    await this.#refuseTakenName(tx, check.name, null);
    await tx.query.insertInto('monitoring_check').values(check).execute();
  }

  /** Adds what is not there yet by name; for the checks that an MSP starts with. */
  async insertMissing(tx: Tx, checks: readonly Insertable<MonitoringTables['monitoring_check']>[]): Promise<void> {
    await tx.query
      .insertInto('monitoring_check')
      .values([...checks])
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** All checks of the MSP and one client's overrides. */
  async forClient(tx: Tx, clientId: ClientId): Promise<{ checks: CheckRow[]; overrides: OverrideRow[] }> {
    const checks = await tx.query.selectFrom('monitoring_check').selectAll().orderBy('name').execute();
    const overrides = await tx.query
      .selectFrom('monitoring_override')
      .selectAll()
      .where('client_id', '=', clientId)
      .execute();
    return { checks, overrides };
  }

  /** The check, locked for a change. Throws `monitoring.check-not-found`. */
  async forChange(tx: Tx, id: CheckId): Promise<CheckRow> {
    const row = await tx.query
      .selectFrom('monitoring_check')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundError('monitoring.check-not-found', 'There is no such check.');
    return row;
  }

  /** Throws `monitoring.check-changed` when somebody else was first, `monitoring.name-taken`. */
  async update(
    tx: Tx,
    id: CheckId,
    version: number,
    change: Partial<Omit<CheckRow, 'labels' | 'msp_id' | 'id'>> & { labels?: string },
  ): Promise<void> {
    if (change.name !== undefined) await this.#refuseTakenName(tx, change.name, id);
    const result = await tx.query
      .updateTable('monitoring_check')
      .set({ ...change, version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n)
      throw new ConflictError(
        'monitoring.check-changed',
        'Somebody else changed this check meanwhile. Look at it again, then repeat your change.',
      );
  }

  async delete(tx: Tx, id: CheckId): Promise<void> {
    await tx.query.deleteFrom('monitoring_check').where('id', '=', id).execute();
  }

  async putOverride(tx: Tx, override: Insertable<MonitoringTables['monitoring_override']>): Promise<OverrideId> {
    const row = await tx.query
      .insertInto('monitoring_override')
      .values(override)
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'client_id', 'check_id', 'asset_id']).doUpdateSet({
          is_enabled: override.is_enabled,
          threshold: override.threshold ?? null,
          recover_threshold: override.recover_threshold ?? null,
          for_seconds: override.for_seconds ?? null,
          severity: override.severity ?? null,
          version: sql`monitoring_override.version + 1`,
        }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  }

  /** Throws `monitoring.override-not-found`, also for another tenant's. */
  async deleteOverride(tx: Tx, id: OverrideId): Promise<OverrideRow> {
    const row = await tx.query.deleteFrom('monitoring_override').where('id', '=', id).returningAll().executeTakeFirst();
    if (row === undefined) throw new NotFoundError('monitoring.override-not-found', 'There is no such exception.');
    return row;
  }

  async #refuseTakenName(tx: Tx, name: string, except: CheckId | null): Promise<void> {
    const taken = await tx.query
      .selectFrom('monitoring_check')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirst();
    if (taken !== undefined && taken.id !== except)
      throw new ConflictError('monitoring.name-taken', `Another check is called ${name}.`, {
        fields: [{ path: ['name'], message: 'is taken' }],
      });
  }
}
