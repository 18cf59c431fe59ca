import { newId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { authorOf } from './ticket.ts';
import type { TicketRow } from './ticket-store.ts';
import type { TicketTables } from './ticket-table.ts';

/** What can happen to a ticket. Those that clocks start, stop and restart by are complete: opened, status, priority, public and client replies, merged, unmerged. */
export const TICKET_EVENT_KINDS = [
  'opened',
  'status',
  'priority',
  'type',
  'subject',
  'queue',
  'assignee',
  'client',
  'site',
  'contact',
  'asset',
  'category',
  'team',
  'rating',
  'field',
  'agreement',
  'public-reply',
  'client-reply',
  // Of a rule, say: clocks do not take it for an answer.
  'automatic-reply',
  'note',
  'macro',
  'linked',
  'unlinked',
  'snoozed',
  'woken',
  'merged',
  'merged-in',
  'unmerged',
  // On the ticket that another was merged into.
  'given-back',
  'split-off',
  'alert-raised',
  'alert-recovered',
] as const;
export type TicketEventKind = (typeof TICKET_EVENT_KINDS)[number];

export interface HistoryEntry {
  readonly kind: TicketEventKind;
  readonly from?: string | null;
  readonly to?: string | null;
  /** Why, where that is not plain. */
  readonly reason?: string | null;
}

/** The only writer of `ticket_event`, which is never changed afterwards. */
export class TicketHistory {
  /** Appends what happened at `at` to the ticket as it is at `version`. */
  async append(
    tx: ScopedTransaction<TicketTables>,
    ticket: Pick<TicketRow, 'id' | 'client_id'> & { version: number },
    at: Temporal.Instant,
    entries: readonly HistoryEntry[],
  ): Promise<void> {
    if (entries.length === 0) return;
    const author = authorOf(tx.scope);
    await tx.query
      .insertInto('ticket_event')
      .values(
        entries.map((entry) => ({
          msp_id: tx.scope.mspId,
          id: newId<'ticket-event'>(),
          client_id: ticket.client_id,
          ticket_id: ticket.id,
          ticket_version: ticket.version,
          kind: entry.kind,
          at,
          actor_kind: author.kind,
          actor_id: author.id,
          actor_label: author.label,
          from_value: entry.from ?? null,
          to_value: entry.to ?? null,
          reason: entry.reason ?? null,
        })),
      )
      .execute();
  }
}
