/**
 * Catalogue, invoices made from what was really counted and logged, with the evidence for each line, and their way to the client.
 * Owns: `product`, `product_cost`, `billing_*`, `invoice`, `invoice_*`.
 * Publishes: `billing.invoice-approved`.
 */
export { billingModule } from './billing-module.ts';
export { ApproveInvoice } from './approve-invoice.ts';
export { BillingSettings, type BillingClientView, type BillingSettingsView } from './billing-settings.ts';
export { ChangeCatalogue, type CreateProductInput } from './change-catalogue.ts';
export { DraftInvoice } from './draft-invoice.ts';
export { invoiceApproved } from './invoice-events.ts';
export { InvoiceQueries } from './invoice-queries.ts';
export { SendInvoice } from './send-invoice.ts';
export { SettleInvoice } from './settle-invoice.ts';
export type { InvoiceId, ProductId } from './billing-table.ts';
