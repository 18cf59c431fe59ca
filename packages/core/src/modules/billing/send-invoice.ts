import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { idSchema, type ClientId } from '#kernel/id';
import { formatMoney } from '#kernel/money';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ContactQueries, MspQueries, MspView } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import type { MailRecipient } from '#platform/mail/mail';
import type { Mailer } from '#platform/mail/mailer';
import type { BillingSettings } from './billing-settings.ts';
import type { BillingTables } from './billing-table.ts';
import { assertInvoiceState } from './invoice.ts';
import type { InvoiceQueries } from './invoice-queries.ts';
import type { InvoiceRow, InvoiceStore } from './invoice-store.ts';
import type { PrintInvoice } from './print-invoice.ts';

export const sendInvoiceInput = z.object({ invoiceId: idSchema('invoice'), version: z.int() });
export type SendInvoiceInput = z.output<typeof sendInvoiceInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: InvoiceStore;
  readonly invoices: InvoiceQueries;
  readonly print: PrintInvoice;
  readonly settings: BillingSettings;
  readonly contacts: ContactQueries;
  readonly msp: MspQueries;
  readonly mailer: Mailer;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Mails an approved invoice, with its PDF, to those who pay for the client. */
export class SendInvoice {
  readonly #db: ScopedDb<BillingTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<BillingTables>();
    this.#deps = deps;
  }

  /**
   * Mail and state commit together. A sent invoice may be sent again. Throws `billing.no-recipient` where nobody of the client is set to get invoices,
   * `billing.state-not-reachable` for a draft, `billing.invoice-changed`.
   */
  async run(scope: TenantScope, input: SendInvoiceInput): Promise<{ version: number; recipients: string[] }> {
    const { store, mailer, audit, live, clock } = this.#deps;
    const invoice = await this.#deps.invoices.get(scope, input.invoiceId);
    assertInvoiceState(invoice.state, 'sent');
    const to = await this.#recipients(scope, invoice.clientId);
    const pdf = await this.#deps.print.run(scope, input.invoiceId);
    const msp = await this.#deps.msp.get(scope);
    return this.#db.transaction(scope, async (tx) => {
      const row = await store.forChange(tx, input.invoiceId);
      assertInvoiceState(row.state, 'sent');
      await store.update(tx, row.id, input.version, { state: 'sent', sent_at: clock.now() });
      await mailer.send(tx, {
        clientId: row.client_id,
        purpose: 'billing.invoice',
        to,
        fromName: msp.name,
        ...this.#words(row, msp),
        attachments: [
          { fileName: pdf.fileName, contentType: pdf.contentType, content: pdf.body as Uint8Array<ArrayBuffer> },
        ],
      });
      const recipients = to.map(({ address }) => address);
      await audit.record(tx, {
        action: 'billing.send-invoice',
        subject: { kind: 'invoice', id: row.id, clientId: row.client_id },
        summary: `Sent ${row.number ?? ''} to ${recipients.join(', ')}`,
        isClientVisible: true,
      });
      const version = input.version + 1;
      live.touch(tx, { clientId: row.client_id, topic: 'invoice', id: row.id, version, isForContacts: true });
      return { version, recipients };
    });
  }

  /** The addresses that are set for the client; without any, its contacts who manage the account. */
  async #recipients(scope: TenantScope, clientId: ClientId): Promise<MailRecipient[]> {
    const { emails } = await this.#deps.settings.ofClient(scope, clientId);
    if (emails.length > 0) return emails.map((address) => ({ address }));
    const contacts = await this.#deps.contacts.list(scope, { clientId, isActive: true, limit: 200 });
    const managers = contacts.items.filter((contact) => contact.portalRole === 'manager').slice(0, 10);
    if (managers.length === 0)
      throw new ConflictError(
        'billing.no-recipient',
        'Nobody of this client gets invoices. Set an address for them, or make a contact a manager.',
      );
    return managers.map((contact) => ({ address: contact.email, name: contact.name }));
  }

  #words(row: InvoiceRow, msp: MspView): { subject: string; text: string } {
    const isCredit = row.kind === 'credit-note';
    const title = `${isCredit ? 'Credit note' : 'Invoice'} ${row.number ?? ''}`;
    const amount = formatMoney({ amountMinor: Math.abs(row.total_minor), currency: row.currency }, msp.locale);
    const due = row.due_on?.toLocaleString(msp.locale, { day: 'numeric', month: 'long', year: 'numeric' }) ?? '';
    return {
      subject: `${title} from ${msp.name}`,
      text: [
        'Hello,',
        '',
        isCredit
          ? `attached is ${title} over ${amount}.`
          : `attached is ${title} over ${amount}, to be paid by ${due}.`,
        'Its last pages list what was counted and worked for each line.',
        '',
        `You also find it in your portal.`,
        '',
        'Kind regards,',
        msp.name,
      ].join('\n'),
    };
  }
}
