import { Decimal } from 'decimal.js';
import type { Insertable, Selectable } from 'kysely';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { newId, type ClientId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LineInput } from './agreement-line.ts';
import type { AgreementId, AgreementLineId, AgreementTables } from './agreement-table.ts';

export type AgreementRow = Selectable<AgreementTables['agreement']>;
export type AgreementLineRow = Selectable<AgreementTables['agreement_line']>;
type Tx = ScopedTransaction<AgreementTables>;

/** The only writer of `agreement` and `agreement_line`. */
export class AgreementStore {
  async insert(tx: Tx, agreement: Insertable<AgreementTables['agreement']>): Promise<void> {
    await tx.query.insertInto('agreement').values(agreement).execute();
  }

  /** The agreement, locked for a change. Throws `agreements.agreement-not-found`, also for another tenant's. */
  async forChange(tx: Tx, id: AgreementId): Promise<AgreementRow> {
    const row = await tx.query.selectFrom('agreement').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) throw agreementNotFound();
    return row;
  }

  /** Throws `agreements.agreement-changed` when somebody else was first. */
  async update(
    tx: Tx,
    id: AgreementId,
    version: number,
    change: Partial<
      Pick<AgreementRow, 'name' | 'reference' | 'state' | 'starts_on' | 'ends_on' | 'billing_period' | 'calendar_id'>
    >,
  ): Promise<void> {
    const result = await tx.query
      .updateTable('agreement')
      .set({ ...change, version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n)
      throw new ConflictError(
        'agreements.agreement-changed',
        'Somebody else changed this agreement meanwhile. Look at it again, then repeat your change.',
      );
  }

  /** Puts these lines in the place of whatever lines there were. Only for drafts: lines in force have ids that time and invoices point at. */
  async replaceLines(
    tx: Tx,
    agreement: { id: AgreementId; clientId: ClientId },
    lines: readonly LineInput[],
  ): Promise<void> {
    await tx.query.deleteFrom('agreement_line').where('agreement_id', '=', agreement.id).execute();
    await tx.query
      .insertInto('agreement_line')
      .values(
        lines.map((line, index) => ({
          msp_id: tx.scope.mspId,
          id: newId<'agreement-line'>() satisfies AgreementLineId,
          client_id: agreement.clientId,
          agreement_id: agreement.id,
          place: index + 1,
          kind: line.kind,
          description: line.description,
          product_code: line.productCode,
          unit_price_minor: line.unitPriceMinor,
          quantity: new Decimal(line.quantity),
          device_kinds: line.deviceKinds,
          work_types: line.workTypes,
          minimum_minutes: line.minimumMinutes,
          round_to_minutes: line.roundToMinutes,
          rounding: line.rounding,
          maximum_minutes: line.maximumMinutes,
          charge: line.charge,
          billable_percent: line.billablePercent,
          after_hours_percent: line.afterHoursPercent,
          holiday_percent: line.holidayPercent,
          covers_after_hours: line.coversAfterHours,
          overage_price_minor: line.overagePriceMinor,
          rollover_periods: line.rolloverPeriods,
        })),
      )
      .execute();
  }
}

export function agreementNotFound(): NotFoundError {
  return new NotFoundError('agreements.agreement-not-found', 'There is no such agreement.');
}
