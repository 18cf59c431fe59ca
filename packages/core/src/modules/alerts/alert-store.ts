import { sql, type Insertable, type Selectable } from 'kysely';
import { NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { AlertEventKind, AlertId, AlertTables } from './alert-table.ts';

export type AlertRow = Selectable<AlertTables['alert']>;
export type AlertEventRow = Selectable<AlertTables['alert_event']>;
type Tx = ScopedTransaction<AlertTables>;

/** The only writer of `alert` and `alert_event`. */
export class AlertStore {
  /** Opens an alert, or counts another occurrence of the active one with this fingerprint; of parallel callers exactly one opens. */
  async open(tx: Tx, alert: Insertable<AlertTables['alert']>): Promise<{ row: AlertRow; isNew: boolean }> {
    const row = await tx.query
      .insertInto('alert')
      .values(alert)
      .onConflict((conflict) =>
        conflict
          .columns(['msp_id', 'fingerprint'])
          // Written out: prepared, a statement finds the index of what is active by its words, not by a parameter.
          .where('state', '<>', sql.lit('recovered'))
          .doUpdateSet({
            occurrence_count: sql`alert.occurrence_count + 1`,
            last_seen_at: sql`greatest(alert.last_seen_at, excluded.last_seen_at)`,
            message: alert.message,
            severity: alert.severity,
            value: alert.value ?? null,
            threshold: alert.threshold ?? null,
            version: sql`alert.version + 1`,
          }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    return { row, isNew: row.id === alert.id };
  }

  /** The active alert with a fingerprint, locked; undefined if there is none. */
  async activeForChange(tx: Tx, fingerprint: string): Promise<AlertRow | undefined> {
    return tx.query
      .selectFrom('alert')
      .selectAll()
      .where('fingerprint', '=', fingerprint)
      .where('state', '<>', 'recovered')
      .forUpdate()
      .executeTakeFirst();
  }

  /** The alert, locked for a change. Throws `alerts.alert-not-found`, also for another tenant's. */
  async forChange(tx: Tx, id: AlertId): Promise<AlertRow> {
    const row = await tx.query.selectFrom('alert').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) throw new NotFoundError('alerts.alert-not-found', 'There is no such alert.');
    return row;
  }

  /** Changes an alert that the caller has locked. */
  async update(
    tx: Tx,
    alert: AlertRow,
    change: Partial<Pick<AlertRow, 'state' | 'recovered_at' | 'last_seen_at' | 'acknowledged_at' | 'acknowledged_by'>>,
  ): Promise<number> {
    const version = alert.version + 1;
    await tx.query
      .updateTable('alert')
      .set({ ...change, version })
      .where('id', '=', alert.id)
      .execute();
    return version;
  }

  async addEvent(
    tx: Tx,
    alert: AlertRow,
    event: { kind: AlertEventKind; at: Temporal.Instant; message: string; value?: number | null },
  ): Promise<void> {
    await tx.query
      .insertInto('alert_event')
      .values({
        msp_id: alert.msp_id,
        id: newId(),
        client_id: alert.client_id,
        alert_id: alert.id,
        actor_label: tx.scope.actor.label,
        value: null,
        ...event,
      })
      .execute();
  }
}
