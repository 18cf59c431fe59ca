import { Decimal } from 'decimal.js';
import { z } from 'zod';

/** An amount in the currency's minor unit (ISO 4217): 1099 EUR is 10.99 euros. Always a safe integer. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** An ISO 4217 code. */
export const currencySchema = z.string().regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code such as EUR' });
/** How many digits the minor unit has: 2 for EUR, 0 for JPY, 3 for KWD (from the runtime's CLDR data). */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The amount as people write it in `locale`, with its currency. */
export function formatMoney(amount: Money, locale = 'en-GB'): string {
  const major = new Decimal(amount.amountMinor).dividedBy(new Decimal(10).pow(minorDigits(amount.currency)));
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: amount.currency });
  return format.format(major.toFixed() as Intl.StringNumericLiteral);
}
