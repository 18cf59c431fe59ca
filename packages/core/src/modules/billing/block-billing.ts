import { Decimal } from 'decimal.js';
import type { AgreementLineId, DayRange } from '#modules/agreements';
import type { BlockBalances } from '#modules/prepaid-hours';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { idOf, type Agreement, type AgreementLine, type MadeLine } from './agreement-billing.ts';
import type { BilledEntry } from './billed-time.ts';
import type { BillingTables, InvoiceId } from './billing-table.ts';

interface Block {
  readonly agreement: Agreement;
  readonly line: AgreementLine;
  readonly period: DayRange;
  readonly timeZone: string;
  readonly invoiceId: InvoiceId;
  /** What this invoice claimed of the line. */
  readonly entries: readonly BilledEntry[];
}

/**
 * The hours that are bought for a period, and the work that was drawn from them, of which what goes beyond has a price. That is reckoned over all periods up to the latest one that is
 * billed, less what was billed beyond before: so late work, corrections and reversals come right on the next invoice, in both directions, and a period billed anew changes nothing.
 */
export async function blockLines(tx: AnyTransaction, blocks: BlockBalances, block: Block): Promise<MadeLine[]> {
  const { agreement, line, period, timeZone } = block;
  const bought = boughtLine(block);
  const before = await billedBefore(tx, block);
  const until =
    before.until !== null && Temporal.PlainDate.compare(before.until, period.until) > 0 ? before.until : period.until;
  const { periods, balances } = await blocks.history(tx, { agreement, line, timeZone, before: until });
  const owed = new Decimal(balances.reduce((sum, { overage }) => sum + overage, 0)).dividedBy(100);
  const beyond = owed.minus(before.overageMinutes);
  if (block.entries.length === 0 && beyond.isZero()) return [bought];
  const now = balances[periods.findIndex(({ from }) => from.equals(period.from))];
  return [
    bought,
    {
      kind: 'time-and-materials',
      agreementLineId: bought.agreementLineId,
      productCode: line.productCode,
      description: `${line.description}, ${beyond.isZero() ? 'work drawn from it' : 'work beyond it'}`,
      quantity: beyond,
      unit: 'hour',
      priceBase: 60,
      unitPriceMinor: line.overagePriceMinor ?? line.unitPriceMinor,
      reason:
        now === undefined
          ? ''
          : `Used ${hours(now.used)} of ${hours(now.bought)}${now.carried === 0 ? '' : ` and ${hours(now.carried)} carried over`}; ${hours(now.left)} left`,
      evidence: block.entries.map((entry) => ({
        kind: 'time-entry',
        subject_id: entry.id,
        label: entry.ticketLabel,
        detail: `${entry.workType}, ${entry.staffLabel}`,
        from_at: entry.startedAt,
        until_at: null,
        quantity: entry.parts.reduce(
          (sum, part) => sum.plus(new Decimal(part.minutes).times(part.percent).dividedBy(100)),
          new Decimal(0),
        ),
        reason: entry.reason,
      })),
    },
  ];
}

function boughtLine({ agreement, line }: Block): MadeLine {
  return {
    kind: 'flat',
    agreementLineId: line.id as AgreementLineId,
    productCode: line.productCode,
    description: line.description,
    quantity: new Decimal(line.quantity),
    unit: 'hour',
    priceBase: 1,
    unitPriceMinor: line.unitPriceMinor,
    reason: `Bought ahead by “${agreement.name}”`,
    evidence: [],
  };
}

/** What other invoices that still count have of the work beyond the block, and up to which day they bill. */
async function billedBefore(
  tx: AnyTransaction,
  { agreement, line, invoiceId }: Block,
): Promise<{ overageMinutes: Decimal; until: Temporal.PlainDate | null }> {
  const lines = await tx
    .typed<BillingTables>()
    .query.selectFrom('invoice_line')
    .innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id')
    .select(['invoice_line.kind', 'quantity', 'service_until'])
    .where('invoice.agreement_id', '=', idOf(agreement))
    .where('invoice.is_claiming', '=', true)
    .where('invoice.id', '<>', invoiceId)
    .where('agreement_line_id', '=', line.id as AgreementLineId)
    .execute();
  const ends = lines
    .flatMap(({ service_until: day }) => (day === null ? [] : [day]))
    .toSorted((a, b) => Temporal.PlainDate.compare(a, b));
  return {
    overageMinutes: lines.reduce(
      (sum, one) => (one.kind === 'time-and-materials' ? sum.plus(one.quantity) : sum),
      new Decimal(0),
    ),
    until: ends.at(-1) ?? null,
  };
}

/** `7 h 30 min`, of hundredths of a minute. */
function hours(hundredths: number): string {
  const minutes = new Decimal(hundredths).dividedBy(100);
  const whole = minutes.dividedToIntegerBy(60);
  return `${whole.toFixed()} h ${minutes.minus(whole.times(60)).toFixed()} min`;
}
