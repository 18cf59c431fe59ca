import type { ClientId } from '#kernel/id';
import type { AgreementLineId } from '#modules/agreements';
import type { TicketForWork } from '#modules/tickets';
import type { ActivityWindow, ClaimedTime, InvoicedTime } from '#modules/time';
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
  /** True for one that takes back what an earlier invoice had: its minutes are negative. */
  readonly isReversal: boolean;
  /** The billed minutes by the multiplier of their price, in percent. */
  readonly parts: readonly { readonly percent: number; readonly minutes: number; readonly reason: string }[];
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
    const tickets = await this.#tickets.readMany(tx, [...new Set(claimed.flatMap((entry) => entry.ticket_id ?? []))]);
    const labels = new Map(tickets.map(({ id, number, subject }) => [id, `#${number} ${subject}`]));
    return claimed.map((entry) => ({
      id: entry.id,
      ticketLabel: entry.ticket_id === null ? withoutTicket(entry) : (labels.get(entry.ticket_id) ?? ''),
      staffLabel: entry.staff_label,
      workType: entry.work_type,
      startedAt: entry.started_at,
      minutes: entry.billable_minutes,
      reason: entry.billable_reason,
      isReversal: entry.reverses_entry_id !== null,
      parts: partsOf(entry),
    }));
  }

  /** Gives back everything that an invoice claimed. */
  async release(tx: AnyTransaction, invoiceId: InvoiceId): Promise<void> {
    await this.#time.release(tx, invoiceId);
  }
}

/** What stands on the invoice for work that is on no ticket: its note, as far as the client may read it. */
function withoutTicket(entry: ClaimedTime): string {
  return entry.visibility === 'public' && entry.note !== '' ? entry.note.slice(0, 200) : 'Without a ticket';
}

/** Parts of one multiplier together; the reasons of those that the contract's hours made dearer. Entries of before parts were kept have none. */
function partsOf(entry: ClaimedTime): BilledEntry['parts'] {
  const billed = entry.parts.filter(({ billableMinutes }) => billableMinutes !== 0);
  if (billed.length === 0) return [{ percent: 100, minutes: entry.billable_minutes, reason: '' }];
  return [...Map.groupBy(billed, ({ percent }) => percent)].map(([percent, parts]) => ({
    percent,
    minutes: parts.reduce((sum, part) => sum + part.billableMinutes, 0),
    reason: percent === 100 ? '' : parts.map(({ reason }) => reason).join('; '),
  }));
}
