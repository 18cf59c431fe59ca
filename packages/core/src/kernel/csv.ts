/** What makes spreadsheets take a cell for a formula (OWASP, CSV injection). */
const FORMULA_START = /^[=+\-@\t\r]/;

/** One cell of a CSV file: quoted where it must be (RFC 4180), and with an apostrophe before what a spreadsheet would run. */
export function neutralCell(value: string): string {
  const safe = FORMULA_START.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
