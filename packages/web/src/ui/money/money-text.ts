/** `231840, 'GBP'` → `£2,318.40`. Shifts the decimal point in the text, so that no amount is ever a fraction in binary. */
export function moneyText(amountMinor: number, currency: string, locale?: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const whole = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const major = digits === 0 ? whole : `${whole.slice(0, -digits)}.${whole.slice(-digits)}`;
  return format.format(`${amountMinor < 0 ? '-' : ''}${major}` as Intl.StringNumericLiteral);
}
