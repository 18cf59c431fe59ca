import type { Insertable, Selectable } from 'kysely';
import { ConflictError, NotFoundError } from '#kernel/errors';
import type { AgreementId } from '#modules/agreements';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { BillingTables, InvoiceId, InvoiceLineId } from './billing-table.ts';
import type { InvoiceKind } from './invoice.ts';
import { invoiceTotals } from './invoice-totals.ts';

export type InvoiceRow = Selectable<BillingTables['invoice']>;
export type InvoiceLineRow = Selectable<BillingTables['invoice_line']>;
export type EvidenceRow = Selectable<BillingTables['invoice_evidence']>;
type Tx = ScopedTransaction<BillingTables>;

/** PostgreSQL's `unique_violation`. */
const TAKEN = '23505';

/** The only writer of `invoice`, its lines, taxes and evidence, `billing_claim` and `billing_counter`. */
export class InvoiceStore {
  /** Throws `billing.period-claimed` when another draft of the same period was quicker. */
  async insert(tx: Tx, invoice: Insertable<BillingTables['invoice']>): Promise<void> {
    try {
      await tx.query.insertInto('invoice').values(invoice).execute();
    } catch (error) {
      if ((error as { code?: string }).code !== TAKEN) throw error;
      throw new ConflictError('billing.period-claimed', 'This is being invoiced by somebody else at this moment.', {
        cause: error,
      });
    }
  }

  /** The invoice, locked for a change. Throws `billing.invoice-not-found`, also for another tenant's. */
  async forChange(tx: Tx, id: InvoiceId): Promise<InvoiceRow> {
    const row = await tx.query.selectFrom('invoice').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) throw invoiceNotFound();
    return row;
  }

  /** The invoice that has a period of an agreement, locked; undefined for none. */
  async ofPeriod(tx: Tx, agreementId: AgreementId, from: Temporal.PlainDate): Promise<InvoiceRow | undefined> {
    return tx.query
      .selectFrom('invoice')
      .selectAll()
      .where('agreement_id', '=', agreementId)
      .where('service_from', '=', from)
      .where('is_claiming', '=', true)
      .forUpdate()
      .executeTakeFirst();
  }

  /** Changes an invoice that the caller read at `version`. Throws `billing.invoice-changed` when somebody else was first. */
  async update(
    tx: Tx,
    id: InvoiceId,
    version: number,
    change: Partial<Omit<Insertable<BillingTables['invoice']>, 'msp_id' | 'id' | 'client_id'>>,
  ): Promise<void> {
    const result = await tx.query
      .updateTable('invoice')
      .set({ ...change, version: version + 1 } as never)
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n)
      throw new ConflictError(
        'billing.invoice-changed',
        'Somebody else changed this invoice meanwhile. Look at it again, then repeat your change.',
      );
  }

  /** Deletes a draft with all that hangs on it, its claims included. */
  async deleteDraft(tx: Tx, id: InvoiceId): Promise<void> {
    await tx.query.deleteFrom('invoice').where('id', '=', id).where('state', '=', 'draft').execute();
  }

  /** Lines of an invoice in their order. */
  async lines(tx: Tx, id: InvoiceId): Promise<InvoiceLineRow[]> {
    return tx.query.selectFrom('invoice_line').selectAll().where('invoice_id', '=', id).orderBy('place').execute();
  }

  async insertLine(
    tx: Tx,
    line: Insertable<BillingTables['invoice_line']>,
    evidence: readonly Omit<
      Insertable<BillingTables['invoice_evidence']>,
      'msp_id' | 'client_id' | 'invoice_id' | 'line_id' | 'place'
    >[],
  ): Promise<void> {
    await tx.query.insertInto('invoice_line').values(line).execute();
    const { msp_id, client_id, invoice_id, id: line_id } = line;
    const rows = evidence.map((row, place) => ({ msp_id, client_id, invoice_id, line_id, place, ...row }));
    // PostgreSQL takes 65,535 parameters in a statement; a row has thirteen.
    for (let from = 0; from < rows.length; from += 2000)
      await tx.query
        .insertInto('invoice_evidence')
        .values(rows.slice(from, from + 2000))
        .execute();
  }

  async deleteLine(tx: Tx, id: InvoiceLineId): Promise<void> {
    await tx.query.deleteFrom('invoice_line').where('id', '=', id).execute();
  }

  /** Deletes every line that was made from an agreement; a person's own stay. */
  async deleteMadeLines(tx: Tx, id: InvoiceId): Promise<void> {
    await tx.query.deleteFrom('invoice_line').where('invoice_id', '=', id).where('kind', '<>', 'manual').execute();
    await tx.query.deleteFrom('billing_claim').where('invoice_id', '=', id).execute();
  }

  /** Throws `billing.period-claimed` where a line of an agreement is billed for the period already. */
  async claim(tx: Tx, claim: Insertable<BillingTables['billing_claim']>): Promise<void> {
    const result = await tx.query
      .insertInto('billing_claim')
      .values(claim)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (result.numInsertedOrUpdatedRows === 0n)
      throw new ConflictError('billing.period-claimed', 'A line of this agreement is billed for this period already.');
  }

  async releaseClaims(tx: Tx, id: InvoiceId): Promise<void> {
    await tx.query.deleteFrom('billing_claim').where('invoice_id', '=', id).execute();
  }

  /** Computes sums and taxes from the lines and stores them; returns the sums for the invoice's own row. */
  async storeTotals(tx: Tx, invoice: Pick<InvoiceRow, 'msp_id' | 'client_id' | 'id'>) {
    const lines = await this.lines(tx, invoice.id);
    const totals = invoiceTotals(
      lines.map((line) => ({
        quantity: line.quantity,
        priceBase: line.price_base,
        unitPriceMinor: line.unit_price_minor,
        taxRate: line.tax_rate,
      })),
    );
    await tx.query.deleteFrom('invoice_tax').where('invoice_id', '=', invoice.id).execute();
    for (const tax of totals.taxes)
      await tx.query
        .insertInto('invoice_tax')
        .values({
          msp_id: invoice.msp_id,
          client_id: invoice.client_id,
          invoice_id: invoice.id,
          tax_rate: tax.taxRate,
          net_minor: tax.netMinor,
          tax_minor: tax.taxMinor,
        })
        .execute();
    return { net_minor: totals.netMinor, tax_minor: totals.taxMinor, total_minor: totals.totalMinor };
  }

  /** The next number of a series, without a gap: the counter's row stays locked until this commits, and a roll-back takes it back. */
  async nextNumber(tx: Tx, series: InvoiceKind): Promise<number> {
    const { next_number } = await tx.query
      .insertInto('billing_counter')
      .values({ msp_id: tx.scope.mspId, series, next_number: 2 })
      .onConflict((conflict) =>
        conflict
          .columns(['msp_id', 'series'])
          .doUpdateSet((eb) => ({ next_number: eb('billing_counter.next_number', '+', 1) })),
      )
      .returning('next_number')
      .executeTakeFirstOrThrow();
    return next_number - 1;
  }
}

/** What every look-up of an invoice that is not there answers. */
export function invoiceNotFound(): NotFoundError {
  return new NotFoundError('billing.invoice-not-found', 'There is no such invoice.');
}
