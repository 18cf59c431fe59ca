import { Decimal } from 'decimal.js';
import { InvalidInputError } from '#kernel/errors';

/** The part of an invoice line that money is computed from. */
export interface PricedQuantity {
  /** How many, in units of which `priceBase` cost `unitPriceMinor`: minutes have a base of 60 and a price an hour. */
  readonly quantity: Decimal;
  readonly priceBase: number;
  readonly unitPriceMinor: number;
  readonly taxRate: Decimal;
}

/** The lines of one tax rate together. */
export interface TaxGroup {
  readonly taxRate: Decimal;
  readonly netMinor: number;
  readonly taxMinor: number;
}

export interface InvoiceTotals {
  readonly lineNetsMinor: readonly number[];
  readonly taxes: readonly TaxGroup[];
  readonly netMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
}

/**
 * `quantity × price ÷ base`, rounded half away from zero to a minor unit: EN 16931 BT-131 with the base quantity BT-149. Throws `billing.too-much` beyond what an
 * exact number holds.
 */
export function lineNetMinor(line: Omit<PricedQuantity, 'taxRate'>): number {
  return wholeMinor(line.quantity.times(line.unitPriceMinor).dividedBy(line.priceBase));
}

/** The sums of an invoice. Tax is computed once for each rate on the sum of its lines (EN 16931 BT-117), so that no line's rounding adds up. Rates in rising order. */
export function invoiceTotals(lines: readonly PricedQuantity[]): InvoiceTotals {
  const lineNetsMinor = lines.map(lineNetMinor);
  const nets = new Map<string, Decimal>();
  for (const [index, line] of lines.entries()) {
    const rate = line.taxRate.toFixed();
    nets.set(rate, (nets.get(rate) ?? new Decimal(0)).plus(lineNetsMinor[index] ?? 0));
  }
  const taxes = [...nets]
    .map(([rate, net]) => ({
      taxRate: new Decimal(rate),
      netMinor: wholeMinor(net),
      taxMinor: wholeMinor(net.times(rate).dividedBy(100)),
    }))
    .toSorted((a, b) => a.taxRate.comparedTo(b.taxRate));
  const netMinor = wholeMinor(Decimal.sum(0, ...lineNetsMinor));
  const taxMinor = wholeMinor(Decimal.sum(0, ...taxes.map((tax) => tax.taxMinor)));
  return { lineNetsMinor, taxes, netMinor, taxMinor, totalMinor: wholeMinor(new Decimal(netMinor).plus(taxMinor)) };
}

function wholeMinor(amount: Decimal): number {
  const whole = amount.toDecimalPlaces(0, Decimal.ROUND_HALF_UP);
  if (whole.abs().greaterThan(Number.MAX_SAFE_INTEGER))
    throw new InvalidInputError('billing.too-much', 'The amount is larger than an invoice can hold.');
  // `plus(0)` makes minus zero zero.
  return whole.plus(0).toNumber() + 0;
}
