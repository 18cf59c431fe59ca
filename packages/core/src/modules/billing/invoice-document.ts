import { Decimal } from 'decimal.js';
import { formatMoney } from '#kernel/money';
import { formatRange } from '#modules/agreements';
import type { Party } from './invoice.ts';
import type { EvidenceRow } from './invoice-store.ts';
import type { InvoiceLineView, InvoiceView } from './invoice-view.ts';

/** Everything that is printed, in words: the PDF only places it. */
export interface InvoiceDocument {
  readonly title: string;
  /** Null for a draft, which is marked as one on every page. */
  readonly number: string | null;
  readonly accentHue: number;
  readonly issuer: Party;
  readonly recipient: Party;
  readonly facts: readonly (readonly [string, string])[];
  readonly total: { readonly label: string; readonly amount: string; readonly hint: string };
  readonly lines: readonly DocumentLine[];
  readonly sums: readonly (readonly [string, string])[];
  readonly note: string;
  /** The day of issue, which is also the file's own date: the same invoice is the same bytes. */
  readonly date: Temporal.PlainDate;
}

export interface DocumentLine {
  readonly description: string;
  readonly reason: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly taxRate: string;
  readonly amount: string;
  readonly evidence: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
  } | null;
}

/** How an MSP writes. */
export interface Writing {
  readonly locale: string;
  readonly timeZone: string;
  readonly accentHue: number;
}

/** Words an invoice. `issuer` and `recipient` stand in for those that a draft does not have yet. */
export function invoiceDocument(
  invoice: InvoiceView,
  parties: { issuer: Party; recipient: Party },
  evidence: readonly EvidenceRow[],
  writing: Writing,
): InvoiceDocument {
  const money = (amountMinor: number): string =>
    formatMoney({ amountMinor, currency: invoice.currency }, writing.locale);
  const isCredit = invoice.kind === 'credit-note';
  const byLine = Map.groupBy(evidence, (row) => row.line_id as string);
  return {
    title: isCredit ? 'Credit note' : 'Invoice',
    number: invoice.number,
    accentHue: writing.accentHue,
    ...parties,
    facts: factsOf(invoice, writing),
    total: {
      label: isCredit ? 'Credited to you' : invoice.state === 'paid' ? 'Paid' : 'Amount due',
      amount: money(isCredit ? -invoice.totalMinor : invoice.totalMinor),
      hint: isCredit || invoice.dueOn === null ? '' : hintOf(invoice, writing),
    },
    lines: invoice.lines.map((line) => ({
      description: line.description,
      reason: line.reason,
      quantity: quantityOf(line, writing.locale),
      unitPrice: `${money(line.unitPriceMinor)}${line.unit === '' ? '' : ` / ${line.unit}`}`,
      taxRate: `${line.taxRate} %`,
      amount: money(line.netMinor),
      evidence: evidenceTable(byLine.get(line.id) ?? [], writing),
    })),
    sums: [
      ['Net', money(invoice.netMinor)],
      ...invoice.taxes.map((tax): [string, string] => [
        `${invoice.taxName} ${tax.taxRate} % of ${money(tax.netMinor)}`,
        money(tax.taxMinor),
      ]),
    ],
    note: invoice.note,
    date: Temporal.PlainDate.from(invoice.issuedOn ?? invoice.serviceFrom ?? '2000-01-01'),
  };
}

function factsOf(invoice: InvoiceView, { locale }: Writing): [string, string][] {
  const facts: [string, string | null][] = [
    ['Issued', invoice.issuedOn === null ? null : formatDay(invoice.issuedOn, locale)],
    ['Due', invoice.kind === 'credit-note' || invoice.dueOn === null ? null : formatDay(invoice.dueOn, locale)],
    [
      'For',
      invoice.serviceFrom === null || invoice.serviceUntil === null
        ? null
        : formatRange(
            {
              from: Temporal.PlainDate.from(invoice.serviceFrom),
              until: Temporal.PlainDate.from(invoice.serviceUntil),
            },
            locale,
          ),
    ],
    ['Your order', invoice.purchaseOrder === '' ? null : invoice.purchaseOrder],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

function hintOf(invoice: InvoiceView, { locale }: Writing): string {
  if (invoice.paidOn !== null) return `on ${formatDay(invoice.paidOn, locale)}. Thank you.`;
  return invoice.dueOn === null ? '' : `by ${formatDay(invoice.dueOn, locale)}`;
}

function quantityOf(line: InvoiceLineView, locale: string): string {
  if (line.priceBase === 60) return formatMinutes(new Decimal(line.quantity).toNumber());
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(line.quantity as Intl.StringNumericLiteral);
}

/** 385 → `6 h 25 min`. */
export function formatMinutes(minutes: number): string {
  const sign = minutes < 0 ? '−' : '';
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return (
    sign + [hours === 0 ? '' : `${hours} h`, rest === 0 && hours > 0 ? '' : `${rest} min`].filter(Boolean).join(' ')
  );
}

function evidenceTable(rows: readonly EvidenceRow[], writing: Writing): DocumentLine['evidence'] {
  if (rows.length === 0) return null;
  const day = (instant: Temporal.Instant): string =>
    instant
      .toZonedDateTimeISO(writing.timeZone)
      .toPlainDate()
      .toLocaleString(writing.locale, { day: 'numeric', month: 'short', year: 'numeric' });
  if (rows[0]?.kind === 'time-entry')
    return {
      columns: ['Date', 'Request', 'Work', 'Time', 'How it was rated'],
      rows: rows.map((row) => [
        day(row.from_at),
        row.label,
        row.detail,
        formatMinutes(row.quantity.toNumber()),
        row.reason,
      ]),
    };
  return {
    columns: ['Device', 'Kind', 'From', 'Until'],
    rows: rows.map((row) => [
      row.label,
      row.detail,
      day(row.from_at),
      row.until_at === null ? 'active' : `${day(row.until_at)}, archived`,
    ]),
  };
}

function formatDay(day: string, locale: string): string {
  return Temporal.PlainDate.from(day).toLocaleString(locale, { day: 'numeric', month: 'long', year: 'numeric' });
}
