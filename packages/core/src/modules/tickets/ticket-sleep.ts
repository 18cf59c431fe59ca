import { isOpen } from './ticket.ts';
import type { HistoryEntry } from './ticket-history.ts';
import type { TicketChange, TicketRow } from './ticket-store.ts';

/**
 * What becomes of a snooze by what happens to the ticket: a client's reply wakes a ticket that waits for one, and what is done does not sleep. The mark of one that came back goes when a
 * person works on it again. That the reply woke it stands with the reply: a line of its own would be one that contacts must not write.
 */
export function sleepAfter(
  before: TicketRow,
  change: TicketChange,
  entries: readonly HistoryEntry[],
  { isPerson, at }: { isPerson: boolean; at: Temporal.Instant },
): { change: TicketChange; entries: readonly HistoryEntry[] } {
  const isReply = entries.some(({ kind }) => kind === 'client-reply');
  if (before.is_snoozed && change.snoozed_until === undefined) {
    const isOver = change.status !== undefined && !isOpen(change.status);
    if (!isOver && !(isReply && before.is_snoozed_until_reply)) return { change: {}, entries };
    return {
      change: { snoozed_until: null, is_snoozed_until_reply: false, woken_at: isOver ? null : at },
      entries: entries.map((entry) =>
        entry.kind === 'client-reply' && !isOver ? { ...entry, reason: 'it was snoozed, and is back' } : entry,
      ),
    };
  }
  const isWorkedOn = isPerson && !isReply && before.woken_at !== null && change.woken_at === undefined;
  return { change: isWorkedOn ? { woken_at: null } : {}, entries };
}
