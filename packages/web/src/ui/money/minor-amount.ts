/** `1,250.5` in GBP → `125050`: an amount as people type it, in minor units. Undefined where it is none, is negative, or is finer than the currency. */
export function minorAmount(typed: string, currency: string): number | undefined {
  const match = /^(\d{1,12})(?:[.,](\d+))?$/.exec(typed.trim().replaceAll(/[\s\u00a0’']|,(?=\d{3}(?:\D|$))/gu, ''));
  if (match === null || !/^[A-Z]{3}$/.test(currency)) return undefined;
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const fraction = match[2] ?? '';
  if (fraction.length > digits) return undefined;
  return Number(`${match[1]}${fraction.padEnd(digits, '0')}`);
}

/** `125050, 'GBP'` → `1250.50`: an amount to be typed over. */
export function typedAmount(amountMinor: number, currency: string): string {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const whole = String(amountMinor).padStart(digits + 1, '0');
  return digits === 0 ? whole : `${whole.slice(0, -digits)}.${whole.slice(-digits)}`;
}
