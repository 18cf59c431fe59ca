import { VendorBug } from '@bailiwick/sdk';

/** A sum of money or a quantity, in units of 10⁻²⁰: exact, whatever is added. */
export type Decimal = bigint;

// AWS writes up to ten decimals; twice as many leave room for what it may write one day.
const places = 20;

/**
 * Reads a number as AWS writes it: `12.5`, `-0.0000001`, `1.0E-7`; an empty text is none.
 *
 * @throws VendorBug where it is no number, or has more than twenty decimals
 */
export function parseDecimal(text: string): Decimal | undefined {
  if (text === '') return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d{1,20})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/u.exec(text) ?? [];
  if (sign === undefined) throw new VendorBug(`The cost export has "${text.slice(0, 40)}" where a number should be.`);
  const shift = places + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  const unit = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && digits % unit !== 0n)
    throw new VendorBug('The cost export has a number with more than twenty decimals.');
  const value = shift < 0 ? digits / unit : digits * unit;
  return sign === '-' ? -value : value;
}

/** In digits, without zeros at the end: `-12.5`. */
export function printDecimal(value: Decimal): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/u, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}
