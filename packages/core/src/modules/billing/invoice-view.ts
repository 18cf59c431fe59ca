import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { EVIDENCE_KINDS, INVOICE_KINDS, INVOICE_LINE_KINDS, INVOICE_STATES, CREDIT_REASONS } from './invoice.ts';
import type { EvidenceRow, InvoiceLineRow, InvoiceRow } from './invoice-store.ts';

export const invoiceIdSchema = idSchema('invoice');

/** An invoice in a list. Ranges of days have their first day and the day after their last. */
export const invoiceSummaryView = z.object({
  id: invoiceIdSchema,
  clientId: clientIdSchema,
  kind: z.enum(INVOICE_KINDS),
  state: z.enum(INVOICE_STATES),
  number: z.string().nullable(),
  currency: z.string(),
  agreementId: idSchema('agreement').nullable(),
  serviceFrom: z.iso.date().nullable(),
  serviceUntil: z.iso.date().nullable(),
  issuedOn: z.iso.date().nullable(),
  dueOn: z.iso.date().nullable(),
  paidOn: z.iso.date().nullable(),
  isCredited: z.boolean(),
  netMinor: z.int(),
  taxMinor: z.int(),
  totalMinor: z.int(),
  version: z.int(),
  createdAt: z.iso.datetime(),
});
export type InvoiceSummaryView = z.output<typeof invoiceSummaryView>;

const partyView = z.object({
  name: z.string(),
  address: z.string(),
  taxNumber: z.string(),
  bankDetails: z.string(),
  footer: z.string(),
});

export const invoiceLineView = z.object({
  id: idSchema('invoice-line'),
  kind: z.enum(INVOICE_LINE_KINDS),
  description: z.string(),
  productCode: z.string(),
  /** In units of which `priceBase` cost `unitPriceMinor`. */
  quantity: z.string(),
  unit: z.string(),
  priceBase: z.int(),
  unitPriceMinor: z.int(),
  netMinor: z.int(),
  taxRate: z.string(),
  reason: z.string(),
  evidenceCount: z.int(),
});
export type InvoiceLineView = z.output<typeof invoiceLineView>;

/** An invoice with its lines. `issuer` and `recipient` are null for a draft. */
export const invoiceView = invoiceSummaryView.extend({
  creditsInvoiceId: invoiceIdSchema.nullable(),
  creditReason: z.enum(CREDIT_REASONS).nullable(),
  windowFrom: z.iso.date().nullable(),
  windowUntil: z.iso.date().nullable(),
  activityFrom: z.iso.date().nullable(),
  activityUntil: z.iso.date().nullable(),
  purchaseOrder: z.string(),
  note: z.string(),
  issuer: partyView.nullable(),
  recipient: partyView.nullable(),
  taxName: z.string(),
  sentAt: z.iso.datetime().nullable(),
  paymentReference: z.string(),
  voidReason: z.string(),
  lines: z.array(invoiceLineView),
  taxes: z.array(z.object({ taxRate: z.string(), netMinor: z.int(), taxMinor: z.int() })),
});
export type InvoiceView = z.output<typeof invoiceView>;

/** One thing that was counted or logged for a line. */
export const evidenceView = z.object({
  kind: z.enum(EVIDENCE_KINDS),
  subjectId: z.uuid(),
  label: z.string(),
  detail: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
  /** Devices, or minutes of work. */
  quantity: z.string(),
  reason: z.string(),
});
export type EvidenceView = z.output<typeof evidenceView>;

export function toInvoiceSummary(row: InvoiceRow & { is_credited: boolean }): InvoiceSummaryView {
  return {
    id: row.id,
    clientId: row.client_id,
    kind: row.kind,
    state: row.state,
    number: row.number,
    currency: row.currency,
    agreementId: row.agreement_id,
    serviceFrom: dayOf(row.service_from),
    serviceUntil: dayOf(row.service_until),
    issuedOn: dayOf(row.issued_on),
    dueOn: dayOf(row.due_on),
    paidOn: dayOf(row.paid_on),
    isCredited: row.is_credited,
    netMinor: row.net_minor,
    taxMinor: row.tax_minor,
    totalMinor: row.total_minor,
    version: row.version,
    createdAt: row.created_at.toString(),
  };
}

export function toInvoiceLine(row: InvoiceLineRow & { evidence_count: number }): InvoiceLineView {
  return {
    id: row.id,
    kind: row.kind,
    description: row.description,
    productCode: row.product_code,
    quantity: row.quantity.toFixed(),
    unit: row.unit,
    priceBase: row.price_base,
    unitPriceMinor: row.unit_price_minor,
    netMinor: row.net_minor,
    taxRate: row.tax_rate.toFixed(),
    reason: row.reason,
    evidenceCount: row.evidence_count,
  };
}

export function toEvidence(row: EvidenceRow): EvidenceView {
  return {
    kind: row.kind,
    subjectId: row.subject_id,
    label: row.label,
    detail: row.detail,
    from: row.from_at.toString(),
    until: row.until_at?.toString() ?? null,
    quantity: row.quantity.toFixed(),
    reason: row.reason,
  };
}

export function dayOf(day: Temporal.PlainDate | null): string | null {
  return day?.toString() ?? null;
}
