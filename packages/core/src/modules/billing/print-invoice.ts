import type { ClientId } from '#kernel/id';
import type { Download } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ClientQueries, MspQueries } from '#modules/tenancy';
import type { BillingSettings } from './billing-settings.ts';
import type { InvoiceId } from './billing-table.ts';
import type { Party } from './invoice.ts';
import { invoiceDocument } from './invoice-document.ts';
import { invoicePdf } from './invoice-pdf.ts';
import type { InvoiceQueries } from './invoice-queries.ts';
import type { InvoiceView } from './invoice-view.ts';

interface Deps {
  readonly invoices: InvoiceQueries;
  readonly settings: BillingSettings;
  readonly clients: ClientQueries;
  readonly msp: MspQueries;
}

/** Prints invoices. An issued one names both sides as they were on its day; a draft, as they are now. */
export class PrintInvoice {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws `billing.invoice-not-found`, and for contacts who do not manage their company's account `billing.not-a-manager`. */
  async run(scope: TenantScope, invoiceId: InvoiceId): Promise<Download> {
    const { invoices, msp } = this.#deps;
    const invoice = await invoices.get(scope, invoiceId);
    const evidence = await invoices.allEvidence(scope, invoiceId);
    const writing = await msp.get(scope);
    const parties = invoice.number === null ? await this.#today(scope, invoice) : this.#printed(invoice);
    const body = await invoicePdf(invoiceDocument(invoice, parties, evidence, writing));
    return {
      fileName: `${invoice.number ?? 'draft'}.pdf`,
      contentType: 'application/pdf',
      body,
      // Downloads are sandboxed by policy, and browsers refuse to show a PDF in a sandbox.
      disposition: 'attachment',
    };
  }

  #printed(invoice: InvoiceView): { issuer: Party; recipient: Party } {
    if (invoice.issuer === null || invoice.recipient === null)
      throw new TypeError('An issued invoice names both sides.');
    return { issuer: invoice.issuer, recipient: invoice.recipient };
  }

  async #today(scope: TenantScope, invoice: InvoiceView): Promise<{ issuer: Party; recipient: Party }> {
    const { settings, clients, msp } = this.#deps;
    const ours = await settings.get(scope);
    const theirs = await settings.ofClient(scope, invoice.clientId);
    const client = await clients.get(scope, invoice.clientId as ClientId);
    return {
      issuer: { ...ours, name: (await msp.get(scope)).name },
      recipient: { ...theirs, name: client.name, bankDetails: '', footer: '' },
    };
  }
}
