import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { defineCommand, defineDownload, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { approveInvoiceInput, type ApproveInvoice } from './approve-invoice.ts';
import { billingClientView, billingSettingsView, type BillingSettings } from './billing-settings.ts';
import { createProductInput, updateProductInput, type ChangeCatalogue } from './change-catalogue.ts';
import { draftInvoiceInput, type DraftInvoice } from './draft-invoice.ts';
import { driftView, listDriftInput, type DriftQueries } from './drift-queries.ts';
import { addInvoiceLineInput, discardDraftInput, removeInvoiceLineInput, type EditDraft } from './edit-draft.ts';
import { exportInvoices, exportInvoicesInput } from './invoice-export.ts';
import { getInvoiceInput, listEvidenceInput, listInvoicesInput, type InvoiceQueries } from './invoice-queries.ts';
import { evidenceView, invoiceIdSchema, invoiceSummaryView, invoiceView } from './invoice-view.ts';
import { productIdSchema, productView } from './product.ts';
import { listProductsInput, type ProductQueries } from './product-queries.ts';
import type { PrintInvoice } from './print-invoice.ts';
import { sendInvoiceInput, type SendInvoice } from './send-invoice.ts';
import { creditInvoiceInput, recordPaymentInput, voidInvoiceInput, type SettleInvoice } from './settle-invoice.ts';

interface Needs {
  readonly products: ProductQueries;
  readonly catalogue: ChangeCatalogue;
  readonly settings: BillingSettings;
  readonly invoices: InvoiceQueries;
  readonly drift: DriftQueries;
  readonly draft: DraftInvoice;
  readonly edit: EditDraft;
  readonly approve: ApproveInvoice;
  readonly send: SendInvoice;
  readonly settle: SettleInvoice;
  readonly print: PrintInvoice;
}

const READ = 'billing.read-invoices';
const DRAFT = 'billing.draft-invoice';
const ISSUE = 'billing.issue-invoice';
const SETTINGS = 'billing.manage-settings';
const versioned = z.object({ version: z.int() });

/** What the outside may ask of this module. */
export function billingOperations(needs: Needs) {
  return { ...catalogue(needs), ...settings(needs), ...reading(needs), ...drafting(needs), ...issuing(needs) };
}

function catalogue({ products, catalogue: change }: Needs) {
  return {
    listProducts: defineQuery({
      name: 'billing.list-products',
      permission: 'billing.read-products',
      input: listProductsInput,
      output: pageOf(productView),
      rest: { method: 'GET', path: '/products', summary: 'The catalogue, by name' },
      run: (scope, input) => products.list(scope, input),
    }),
    createProduct: defineCommand({
      name: 'billing.create-product',
      permission: 'billing.manage-products',
      input: createProductInput,
      output: z.object({ productId: productIdSchema }),
      rest: { method: 'POST', path: '/products', summary: 'Add a product' },
      run: (scope, input) => change.create(scope, input),
    }),
    updateProduct: defineCommand({
      name: 'billing.update-product',
      permission: 'billing.manage-products',
      input: updateProductInput,
      output: versioned,
      rest: { method: 'PUT', path: '/products/{productId}', summary: 'Change a product' },
      run: (scope, input) => change.update(scope, input),
    }),
  };
}

function settings({ settings: store }: Needs) {
  return {
    getSettings: defineQuery({
      name: 'billing.get-settings',
      permission: DRAFT,
      input: z.object({}),
      output: billingSettingsView,
      rest: { method: 'GET', path: '/billing-settings', summary: 'How invoices are written' },
      run: (scope) => store.get(scope),
    }),
    updateSettings: defineCommand({
      name: 'billing.update-settings',
      permission: SETTINGS,
      input: billingSettingsView,
      output: versioned,
      rest: { method: 'PUT', path: '/billing-settings', summary: 'Change how invoices are written' },
      run: (scope, input) => store.update(scope, input),
    }),
    getClientBilling: defineQuery({
      name: 'billing.get-client-billing',
      permission: DRAFT,
      input: z.object({ clientId: clientIdSchema }),
      output: billingClientView,
      rest: { method: 'GET', path: '/clients/{clientId}/billing', summary: 'What invoices say of a client' },
      run: (scope, input) => store.ofClient(scope, input.clientId),
    }),
    updateClientBilling: defineCommand({
      name: 'billing.update-client-billing',
      permission: DRAFT,
      input: billingClientView,
      output: versioned,
      rest: { method: 'PUT', path: '/clients/{clientId}/billing', summary: 'Change what invoices say of a client' },
      run: (scope, input) => store.updateClient(scope, input),
    }),
  };
}

function reading({ invoices, print, drift }: Needs) {
  return {
    listInvoices: defineQuery({
      name: 'billing.list-invoices',
      permission: READ,
      audience: 'both',
      input: listInvoicesInput,
      output: pageOf(invoiceSummaryView),
      rest: { method: 'GET', path: '/invoices', summary: 'Invoices and credit notes, the newest first' },
      run: (scope, input) => invoices.list(scope, input),
    }),
    getInvoice: defineQuery({
      name: 'billing.get-invoice',
      permission: READ,
      audience: 'both',
      input: getInvoiceInput,
      output: invoiceView,
      rest: { method: 'GET', path: '/invoices/{invoiceId}', summary: 'One invoice with its lines' },
      run: (scope, input) => invoices.get(scope, input.invoiceId),
    }),
    listEvidence: defineQuery({
      name: 'billing.list-evidence',
      permission: READ,
      audience: 'both',
      input: listEvidenceInput,
      output: z.object({ items: z.array(evidenceView) }),
      rest: {
        method: 'GET',
        path: '/invoices/{invoiceId}/lines/{lineId}/evidence',
        summary: 'What was counted or logged for a line of an invoice',
      },
      run: (scope, input) => invoices.evidence(scope, input),
    }),
    downloadInvoice: defineDownload({
      name: 'billing.download-invoice',
      permission: READ,
      audience: 'both',
      input: getInvoiceInput,
      rest: { method: 'GET', path: '/invoices/{invoiceId}/pdf', summary: 'An invoice as PDF' },
      run: (scope, input) => print.run(scope, input.invoiceId),
    }),
    exportInvoices: defineDownload({
      name: 'billing.export-invoices',
      permission: DRAFT,
      input: exportInvoicesInput,
      rest: { method: 'GET', path: '/invoices.csv', summary: 'Invoices as CSV' },
      run: async (scope, input) => exportInvoices(invoices, scope, input),
    }),
    listDrift: defineQuery({
      name: 'billing.list-drift',
      permission: DRAFT,
      input: listDriftInput,
      output: z.object({ items: z.array(driftView) }),
      rest: { method: 'GET', path: '/billing-drift', summary: 'Where what is billed and what is there differ' },
      run: (scope, input) => drift.list(scope, input),
    }),
  };
}

function drafting({ draft, edit }: Needs) {
  return {
    draftInvoice: defineCommand({
      name: 'billing.draft-invoice',
      permission: DRAFT,
      input: draftInvoiceInput,
      output: z.object({ invoiceId: invoiceIdSchema, version: z.int() }),
      rest: { method: 'POST', path: '/invoices', summary: 'Draft the invoice of a period, or draft it again' },
      run: (scope, input) => draft.run(scope, input),
    }),
    addInvoiceLine: defineCommand({
      name: 'billing.add-invoice-line',
      permission: DRAFT,
      input: addInvoiceLineInput,
      output: versioned,
      rest: { method: 'POST', path: '/invoices/{invoiceId}/lines', summary: 'Add a product to a draft' },
      run: (scope, input) => edit.addLine(scope, input),
    }),
    removeInvoiceLine: defineCommand({
      name: 'billing.remove-invoice-line',
      permission: DRAFT,
      input: removeInvoiceLineInput,
      output: versioned,
      rest: {
        method: 'POST',
        path: '/invoices/{invoiceId}/lines/{lineId}/remove',
        summary: 'Remove a line that a person added to a draft',
      },
      run: (scope, input) => edit.removeLine(scope, input),
    }),
    discardDraft: defineCommand({
      name: 'billing.discard-draft',
      permission: DRAFT,
      input: discardDraftInput,
      output: z.object({ invoiceId: idSchema('invoice') }),
      rest: { method: 'POST', path: '/invoices/{invoiceId}/discard', summary: 'Delete a draft' },
      run: (scope, input) => edit.discard(scope, input),
    }),
  };
}

function issuing({ approve, send, settle }: Needs) {
  return {
    approveInvoice: defineCommand({
      name: 'billing.approve-invoice',
      permission: ISSUE,
      input: approveInvoiceInput,
      output: z.object({ number: z.string(), version: z.int() }),
      rest: { method: 'POST', path: '/invoices/{invoiceId}/approve', summary: 'Approve a draft: it gets its number' },
      run: (scope, input) => approve.run(scope, input),
    }),
    sendInvoice: defineCommand({
      name: 'billing.send-invoice',
      permission: ISSUE,
      input: sendInvoiceInput,
      output: z.object({ version: z.int(), recipients: z.array(z.string()) }),
      rest: { method: 'POST', path: '/invoices/{invoiceId}/send', summary: 'Mail an invoice with its PDF' },
      run: (scope, input) => send.run(scope, input),
    }),
    recordPayment: defineCommand({
      name: 'billing.record-payment',
      permission: ISSUE,
      input: recordPaymentInput,
      output: versioned,
      rest: { method: 'POST', path: '/invoices/{invoiceId}/payment', summary: 'Record that an invoice was paid' },
      run: (scope, input) => settle.pay(scope, input),
    }),
    voidInvoice: defineCommand({
      name: 'billing.void-invoice',
      permission: ISSUE,
      input: voidInvoiceInput,
      output: versioned,
      rest: { method: 'POST', path: '/invoices/{invoiceId}/void', summary: 'Take back an invoice that was not sent' },
      run: (scope, input) => settle.void(scope, input),
    }),
    creditInvoice: defineCommand({
      name: 'billing.credit-invoice',
      permission: ISSUE,
      input: creditInvoiceInput,
      output: z.object({ invoiceId: invoiceIdSchema, number: z.string() }),
      rest: { method: 'POST', path: '/invoices/{invoiceId}/credit', summary: 'Credit the whole of a sent invoice' },
      run: (scope, input) => settle.credit(scope, input),
    }),
  };
}
