import type { Decimal } from 'decimal.js';
import type { Generated, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { AgreementId, AgreementLineId } from '#modules/agreements';
import type { CreditReason, EvidenceKind, InvoiceKind, InvoiceLineKind, InvoiceState, Party } from './invoice.ts';

export type ProductId = Id<'product'>;
export type InvoiceId = Id<'invoice'>;
export type InvoiceLineId = Id<'invoice-line'>;

interface OfInvoice {
  msp_id: MspId;
  client_id: ClientId;
  invoice_id: InvoiceId;
}

export interface BillingTables {
  product: {
    msp_id: MspId;
    id: ProductId;
    code: string;
    name: string;
    description: string;
    unit: string;
    price_minor: number;
    currency: string;
    tax_rate: Decimal;
    is_active: Generated<boolean>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  product_cost: { msp_id: MspId; product_id: ProductId; cost_minor: number; version: Generated<number> };
  billing_settings: {
    msp_id: MspId;
    address: string;
    tax_number: string;
    bank_details: string;
    footer: string;
    tax_name: string;
    default_tax_rate: Decimal;
    payment_days: number;
    number_prefix: string;
    credit_prefix: string;
    hourly_rate_minor: number;
    version: Generated<number>;
  };
  billing_client: {
    msp_id: MspId;
    client_id: ClientId;
    address: string;
    tax_number: string;
    emails: string[];
    is_tax_exempt: boolean;
    purchase_order: string;
    payment_days: number | null;
    version: Generated<number>;
  };
  billing_counter: { msp_id: MspId; series: InvoiceKind; next_number: number };
  billing_claim: OfInvoice & {
    agreement_line_id: AgreementLineId;
    service_from: Temporal.PlainDate;
    service_until: Temporal.PlainDate;
  };
  invoice: {
    msp_id: MspId;
    id: InvoiceId;
    client_id: ClientId;
    kind: InvoiceKind;
    state: InvoiceState;
    /** True while its periods and its time are taken: not once it is void or credited. */
    is_claiming: boolean;
    number: string | null;
    currency: string;
    agreement_id: AgreementId | null;
    credits_invoice_id: InvoiceId | null;
    credit_reason: CreditReason | null;
    /** What the price is for. */
    service_from: Temporal.PlainDate | null;
    service_until: Temporal.PlainDate | null;
    /** When the invoice is to be raised. */
    window_from: Temporal.PlainDate | null;
    window_until: Temporal.PlainDate | null;
    /** Whose logged work it takes. */
    activity_from: Temporal.PlainDate | null;
    activity_until: Temporal.PlainDate | null;
    purchase_order: string;
    note: string;
    issued_on: Temporal.PlainDate | null;
    due_on: Temporal.PlainDate | null;
    issuer: JSONColumnType<Party, string, string> | null;
    recipient: JSONColumnType<Party, string, string> | null;
    tax_name: string;
    net_minor: number;
    tax_minor: number;
    total_minor: number;
    sent_at: Temporal.Instant | null;
    paid_on: Temporal.PlainDate | null;
    payment_reference: string;
    void_reason: string;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  invoice_line: OfInvoice & {
    id: InvoiceLineId;
    place: number;
    kind: InvoiceLineKind;
    description: string;
    product_code: string;
    agreement_line_id: AgreementLineId | null;
    quantity: Decimal;
    unit: string;
    price_base: number;
    unit_price_minor: number;
    net_minor: number;
    tax_rate: Decimal;
    /** How the quantity came about. */
    reason: string;
  };
  invoice_tax: OfInvoice & { tax_rate: Decimal; net_minor: number; tax_minor: number };
  invoice_evidence: OfInvoice & {
    line_id: InvoiceLineId;
    place: number;
    kind: EvidenceKind;
    subject_id: string;
    label: string;
    detail: string;
    from_at: Temporal.Instant;
    until_at: Temporal.Instant | null;
    quantity: Decimal;
    reason: string;
  };
}
