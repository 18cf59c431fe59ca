import type { Clock } from '#kernel/clock';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { isOpen } from './ticket.ts';
import { ticketChanged } from './ticket-events.ts';
import type { TicketGates } from './ticket-gates.ts';
import type { HistoryEntry, TicketHistory } from './ticket-history.ts';
import type { TicketPromises } from './ticket-promises.ts';
import type { TicketChange, TicketRow, TicketStore } from './ticket-store.ts';
import type { TicketTables } from './ticket-table.ts';

interface Deps {
  readonly store: TicketStore;
  readonly history: TicketHistory;
  readonly promises: TicketPromises;
  readonly gates: TicketGates;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Changes a locked ticket together with all that goes with a change: its history, its clocks, the event, and the screens that show it. */
export class TicketChanger {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns the new version. `version` is the one that the caller's person saw; throws `tickets.ticket-changed` where it is stale, and what gates throw of a ticket that is to be resolved. */
  async apply(
    tx: ScopedTransaction<TicketTables>,
    before: TicketRow,
    change: TicketChange,
    entries: readonly HistoryEntry[],
    version: number = before.version,
  ): Promise<number> {
    const { store, history, promises, gates, jobs, live, clock } = this.#deps;
    if (before.is_open && change.status !== undefined && !isOpen(change.status))
      await gates.assertMayResolve(tx, before.id);
    const now = clock.now();
    const promised = await promises.changed(tx, before, change, entries, now);
    await store.update(tx, before, version, now, { ...change, ...promised });
    const after = { id: before.id, client_id: change.client_id ?? before.client_id, version: version + 1 };
    await history.append(tx, after, now, entries);
    const payload = { ticketId: before.id, clientId: after.client_id };
    await jobs.publish(tx, ticketChanged, { aggregateId: before.id, version: after.version }, payload);
    // A contact's screen asks again and gets what it may see; an internal note alone is not announced to it.
    const isForContacts = entries.some((entry) => entry.kind !== 'note');
    live.touch(tx, {
      clientId: after.client_id,
      topic: 'ticket',
      id: before.id,
      version: after.version,
      isForContacts,
    });
    return after.version;
  }
}
