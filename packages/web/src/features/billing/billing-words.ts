import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>;
export type Invoice = Outputs['billing']['listInvoices']['items'][number];
export type InvoiceDetail = Outputs['billing']['getInvoice'];
export type InvoiceLine = InvoiceDetail['lines'][number];
export type Product = Outputs['billing']['listProducts']['items'][number];
export type Drift = Outputs['billing']['listDrift']['items'][number];
export type Contract = Outputs['agreements']['listAgreements']['items'][number];
export type ContractDetail = Outputs['agreements']['getAgreement'];

export const INVOICE_STATES: Readonly<Record<Invoice['state'], { readonly label: string; readonly state: State }>> = {
  draft: { label: 'Draft', state: 'neutral' },
  approved: { label: 'Approved', state: 'info' },
  sent: { label: 'Sent', state: 'info' },
  paid: { label: 'Paid', state: 'ok' },
  void: { label: 'Void', state: 'neutral' },
};

/** The state of an invoice as a word; what is late is a state of its own here. */
export function stateOf(invoice: Invoice): { label: string; state: State } {
  if (invoice.isCredited) return { label: 'Credited', state: 'neutral' };
  if (invoice.kind === 'invoice' && invoice.state === 'sent' && isPast(invoice.dueOn))
    return { label: 'Overdue', state: 'warning' };
  return INVOICE_STATES[invoice.state];
}

function isPast(day: string | null): boolean {
  return day !== null && Temporal.PlainDate.compare(Temporal.PlainDate.from(day), Temporal.Now.plainDateISO()) < 0;
}

export function dayText(day: string): string {
  return Temporal.PlainDate.from(day).toLocaleString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** The first day and the last: the server's end is the day after. */
export function rangeText(from: string | null, until: string | null): string {
  if (from === null || until === null) return '';
  const format = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
  return format.formatRange(
    Temporal.PlainDate.from(from) as never,
    Temporal.PlainDate.from(until).subtract({ days: 1 }) as never,
  );
}

/** 385 minutes → `6 h 25 min`; other quantities as they are, with their unit. */
export function quantityText(line: Pick<InvoiceLine, 'quantity' | 'priceBase'>): string {
  if (line.priceBase !== 60) return line.quantity;
  const total = Math.abs(Number(line.quantity));
  const hours = Math.floor(total / 60);
  const minutes = total % 60;
  const parts = [hours === 0 ? '' : `${hours} h`, minutes === 0 && hours !== 0 ? '' : `${minutes} min`];
  return `${line.quantity.startsWith('-') ? '−' : ''}${parts.filter((part) => part !== '').join(' ')}`;
}

/** 1999 → `19.99` in a currency of two digits: as it is typed, and read again by `minorOf`. */
export function amountOf(minor: number, currency: string): string {
  const places = digitsOf(currency);
  const digits = String(minor).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** `19.99` → 1999 in a currency of two digits; undefined for what is no amount. */
export function minorOf(text: string, currency: string): number | undefined {
  const digits = digitsOf(currency);
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim());
  const fraction = match?.[2] ?? '';
  if (match === null || fraction.length > digits) return undefined;
  return Number(`${match[1]}${fraction.padEnd(digits, '0')}`);
}
