const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes with a binary unit and three significant figures: `1536` → `1.5 KiB`. */
export function bytesText(bytes: number, locale?: string): string {
  const power = bytes <= 0 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), BINARY_UNITS.length - 1);
  return `${new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(bytes / 2 ** (power * 10))} ${BINARY_UNITS[power]}`;
}

/** A number with the reader's separators; at most `digits` after the point. */
export function numberText(value: number, digits = 0, locale?: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/** A share of one as per cent: `0.842` → `84.2 %`. */
export function percentText(share: number, digits = 1, locale?: string): string {
  return `${numberText(share * 100, digits, locale)} %`;
}
