import type { ClientId } from '#kernel/id';
import type { AgreementLineId } from '#modules/agreements';
import type { TicketForWork } from '#modules/tickets';
import type { ActivityWindow, InvoicedTime } from '#modules/time';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { InvoiceId } from './billing-table.ts';

/** A time entry on an invoice, in the words of its evidence. */
export interface BilledEntry {
  readonly id: string;
  readonly ticketLabel: string;
  readonly staffLabel: string;
  readonly workType: string;
  readonly startedAt: Temporal.Instant;
  readonly minutes: number;
  /** How the billable minutes came about: rounding, a minimum, or a person's word. */
  readonly reason: string;
}

/** Takes logged time onto invoices, and gives it back, inside billing's own transactions. */
export class BilledTime {
  readonly #time: InvoicedTime;
  readonly #tickets: TicketForWork;

  constructor(deps: { time: InvoicedTime; tickets: TicketForWork }) {
    this.#time = deps.time;
    this.#tickets = deps.tickets;
  }

  /** Claims what no invoice has yet, of one line of an agreement or (null) of none, oldest first. */
  async claim(
    tx: AnyTransaction,
    about: {
      clientId: ClientId;
      window: ActivityWindow;
      invoiceId: InvoiceId;
      agreementLineId: AgreementLineId | null;
    },
  ): Promise<BilledEntry[]> {
    const claimed = await this.#time.claim(tx, about);
    const labels = new Map<string, string>();
    for (const { ticket_id: ticketId } of claimed) {
      if (labels.has(ticketId)) continue;
      const ticket = await this.#tickets.read(tx, ticketId);
      labels.set(ticketId, `#${ticket.number} ${ticket.subject}`);
    }
    return claimed.map((entry) => ({
      id: entry.id,
      ticketLabel: labels.get(entry.ticket_id) ?? '',
      staffLabel: entry.staff_label,
      workType: entry.work_type,
      startedAt: entry.started_at,
      minutes: entry.billable_minutes,
      reason: entry.billable_reason,
    }));
  }

  /** Gives back everything that an invoice claimed. */
  async release(tx: AnyTransaction, invoiceId: InvoiceId): Promise<void> {
    await this.#time.release(tx, invoiceId);
  }
}
