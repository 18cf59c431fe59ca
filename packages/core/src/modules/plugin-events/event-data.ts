import type { AlertEvent, InvoiceEvent, TicketEvent } from '@bailiwick/sdk';
import { Decimal } from 'decimal.js';
import type { Clock } from '#kernel/clock';
import type { ClientId } from '#kernel/id';
import { minorDigits } from '#kernel/money';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AlertId, AlertQueries } from '#modules/alerts';
import type { InvoiceId, InvoiceQueries } from '#modules/billing';
import { ticketById, type TicketId, type TicketTables } from '#modules/tickets';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';

interface Deps {
  readonly db: ScopedDb;
  readonly alerts: AlertQueries;
  readonly invoices: InvoiceQueries;
  readonly clients: ClientQueries;
  readonly clock: Clock;
}

/** What plugins are told: names and figures, and of our own ids the one of the thing itself. */
export class EventData {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** As the alert is now; `recordId` is whoever is told its own matter. Throws `alerts.alert-not-found`. */
  async alert(scope: TenantScope, alertId: AlertId): Promise<Omit<AlertEvent, 'recordId'>> {
    const alert = await this.#deps.alerts.get(scope, alertId);
    return {
      alertId,
      title: alert.title,
      message: alert.message,
      severity: alert.severity,
      client: await this.#nameOf(scope, alert.clientId as ClientId),
      device: alert.assetName,
      at: alert.recoveredAt ?? alert.acknowledgedAt ?? alert.openedAt,
    };
  }

  /** Null where the ticket is gone. */
  async ticket(scope: TenantScope, ticketId: TicketId): Promise<TicketEvent | null> {
    const [ticket] = await this.#deps.db.typed<TicketTables>().run(scope, ticketById, { id: ticketId });
    if (ticket === undefined) return null;
    return {
      ticketId,
      number: ticket.number,
      subject: ticket.subject,
      status: ticket.status,
      priority: ticket.priority,
      client: await this.#nameOf(scope, ticket.client_id),
      at: ticket.updated_at.toString(),
    };
  }

  /** Throws `billing.invoice-not-found`. */
  async invoice(scope: TenantScope, invoiceId: InvoiceId): Promise<InvoiceEvent> {
    const invoice = await this.#deps.invoices.get(scope, invoiceId);
    const { currency } = invoice;
    return {
      invoiceId,
      number: invoice.number ?? '',
      client: await this.#nameOf(scope, invoice.clientId as ClientId),
      currency,
      total: inDigits(invoice.totalMinor, currency),
      lines: invoice.lines.map(({ description, quantity, netMinor }) => ({
        description,
        quantity,
        amount: inDigits(netMinor, currency),
      })),
      at: this.#deps.clock.now().toString(),
    };
  }

  async #nameOf(scope: TenantScope, clientId: ClientId): Promise<string> {
    return (await this.#deps.clients.get(scope, clientId)).name;
  }
}

/** `1099` of EUR is `10.99`. */
function inDigits(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency);
  return new Decimal(amountMinor).dividedBy(new Decimal(10).pow(digits)).toFixed(digits);
}
