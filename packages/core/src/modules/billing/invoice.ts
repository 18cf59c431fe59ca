import { ConflictError } from '#kernel/errors';

export const INVOICE_KINDS = ['invoice', 'credit-note'] as const;
export type InvoiceKind = (typeof INVOICE_KINDS)[number];

export const INVOICE_STATES = ['draft', 'approved', 'sent', 'paid', 'void'] as const;
export type InvoiceState = (typeof INVOICE_STATES)[number];

/** `manual` lines are a person's own; all others are made from an agreement and remade with each draft. */
export const INVOICE_LINE_KINDS = ['flat', 'per-device', 'time-and-materials', 'manual'] as const;
export type InvoiceLineKind = (typeof INVOICE_LINE_KINDS)[number];

export const EVIDENCE_KINDS = ['asset', 'time-entry'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Whether what was credited is to be billed anew. */
export const CREDIT_REASONS = ['bill-again', 'give-up'] as const;
export type CreditReason = (typeof CREDIT_REASONS)[number];

/** A side of an invoice, as it was on the day of issue. */
export interface Party {
  readonly name: string;
  readonly address: string;
  readonly taxNumber: string;
  readonly bankDetails: string;
  readonly footer: string;
}

const NEXT: Readonly<Record<InvoiceState, readonly InvoiceState[]>> = {
  draft: ['approved'],
  approved: ['sent', 'paid', 'void'],
  sent: ['sent', 'paid'],
  paid: [],
  void: [],
};

/** Throws `billing.state-not-reachable`, saying what can be done instead. */
export function assertInvoiceState(from: InvoiceState, to: InvoiceState): void {
  if (NEXT[from].includes(to)) return;
  const instead =
    to === 'void' && from === 'draft'
      ? ' Discard it instead.'
      : to === 'void' && (from === 'sent' || from === 'paid')
        ? ' The client has it: issue a credit note instead.'
        : '';
  throw new ConflictError('billing.state-not-reachable', `An invoice that is ${from} cannot become ${to}.${instead}`);
}

/** Throws `billing.not-draft`: what was approved stays as it was approved. */
export function assertDraftInvoice(state: InvoiceState): void {
  if (state !== 'draft')
    throw new ConflictError('billing.not-draft', 'This invoice is approved and can no longer be changed.');
}

/** `INV-` and 42 → `INV-00042`; longer numbers are never cut. */
export function invoiceNumber(prefix: string, next: number): string {
  return `${prefix}${String(next).padStart(5, '0')}`;
}
