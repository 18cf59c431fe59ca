import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';
import { locale, t } from '#web/language/language.ts';

export type PortalInvoice = inferRouterOutputs<AppRouter>['billing']['listInvoices']['items'][number];

/** `12 November 2026`. */
export function dayWords(day: string): string {
  return Temporal.PlainDate.from(day).toLocaleString(locale(), { day: 'numeric', month: 'long', year: 'numeric' });
}

/** `October invoice`, or its kind where it is for no whole month. */
export function invoiceTitle(invoice: PortalInvoice): string {
  const isCredit = invoice.kind === 'credit-note';
  if (invoice.serviceFrom === null) return t(isCredit ? 'invoices.creditNote' : 'invoices.invoice');
  const month = Temporal.PlainDate.from(invoice.serviceFrom).toLocaleString(locale(), { month: 'long' });
  return t(isCredit ? 'invoices.monthCreditNote' : 'invoices.monthInvoice', { month });
}

function isLate(invoice: PortalInvoice): boolean {
  return (
    invoice.dueOn !== null &&
    Temporal.PlainDate.compare(Temporal.PlainDate.from(invoice.dueOn), Temporal.Now.plainDateISO()) < 0
  );
}

/** What is to be done with it, in one short sentence. */
export function payWords(invoice: PortalInvoice): string {
  if (invoice.kind === 'credit-note') return t('invoices.credited');
  if (invoice.isCredited) return t('invoices.takenBackByCredit');
  if (invoice.state === 'void') return t('invoices.takenBack');
  if (invoice.paidOn !== null) return t('invoices.paidOn', { day: dayWords(invoice.paidOn) });
  if (invoice.dueOn === null) return t('invoices.open');
  return t(isLate(invoice) ? 'invoices.wasDue' : 'invoices.payBy', { day: dayWords(invoice.dueOn) });
}

/** The same as a word with its state. */
export function payState(invoice: PortalInvoice): { label: string; state: State } {
  if (invoice.kind === 'credit-note') return { label: t('invoices.stateCredit'), state: 'neutral' };
  if (invoice.isCredited || invoice.state === 'void') return { label: t('invoices.stateTakenBack'), state: 'neutral' };
  if (invoice.state === 'paid') return { label: t('invoices.statePaid'), state: 'ok' };
  return isLate(invoice)
    ? { label: t('invoices.stateOverdue'), state: 'warning' }
    : { label: t('invoices.stateToPay'), state: 'info' };
}

/** 385 → `6 h 25 min`; devices and the like as they are. */
export function quantityWords(line: { quantity: string; priceBase: number; unit: string }): string {
  if (line.priceBase !== 60) return line.quantity;
  const minutes = Math.abs(Number(line.quantity));
  const parts = [Math.floor(minutes / 60), minutes % 60];
  return `${line.quantity.startsWith('-') ? '−' : ''}${parts[0] === 0 ? '' : `${parts[0]} h `}${parts[1] === 0 && parts[0] !== 0 ? '' : `${parts[1]} min`}`.trim();
}
