import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

export type PortalInvoice = inferRouterOutputs<AppRouter>['billing']['listInvoices']['items'][number];

/** `12 November 2026`. */
export function dayWords(day: string): string {
  return Temporal.PlainDate.from(day).toLocaleString(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** `October invoice`, or its kind where it is for no whole month. */
export function invoiceTitle(invoice: PortalInvoice): string {
  const kind = invoice.kind === 'credit-note' ? 'credit note' : 'invoice';
  if (invoice.serviceFrom === null) return kind === 'invoice' ? 'Invoice' : 'Credit note';
  return `${Temporal.PlainDate.from(invoice.serviceFrom).toLocaleString(undefined, { month: 'long' })} ${kind}`;
}

function isLate(invoice: PortalInvoice): boolean {
  return (
    invoice.dueOn !== null &&
    Temporal.PlainDate.compare(Temporal.PlainDate.from(invoice.dueOn), Temporal.Now.plainDateISO()) < 0
  );
}

/** What is to be done with it, in one short sentence. */
export function payWords(invoice: PortalInvoice): string {
  if (invoice.kind === 'credit-note') return 'Credited to you.';
  if (invoice.isCredited) return 'Taken back by a credit note.';
  if (invoice.state === 'void') return 'Taken back.';
  if (invoice.paidOn !== null) return `Paid on ${dayWords(invoice.paidOn)}. Thank you.`;
  if (invoice.dueOn === null) return 'Open.';
  return `${isLate(invoice) ? 'Was due on' : 'Please pay by'} ${dayWords(invoice.dueOn)}.`;
}

/** The same as a word with its state. */
export function payState(invoice: PortalInvoice): { label: string; state: State } {
  if (invoice.kind === 'credit-note') return { label: 'Credit', state: 'neutral' };
  if (invoice.isCredited || invoice.state === 'void') return { label: 'Taken back', state: 'neutral' };
  if (invoice.state === 'paid') return { label: 'Paid', state: 'ok' };
  return isLate(invoice) ? { label: 'Overdue', state: 'warning' } : { label: 'To pay', state: 'info' };
}

/** 385 → `6 h 25 min`; devices and the like as they are. */
export function quantityWords(line: { quantity: string; priceBase: number; unit: string }): string {
  if (line.priceBase !== 60) return line.quantity;
  const minutes = Math.abs(Number(line.quantity));
  const parts = [Math.floor(minutes / 60), minutes % 60];
  return `${line.quantity.startsWith('-') ? '−' : ''}${parts[0] === 0 ? '' : `${parts[0]} h `}${parts[1] === 0 && parts[0] !== 0 ? '' : `${parts[1]} min`}`.trim();
}
