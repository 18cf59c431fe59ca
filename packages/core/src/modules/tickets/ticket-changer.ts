import type { Clock } from '#kernel/clock';
import type { FieldValues } from '#modules/desk-fields';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { authorOf, isOpen } from './ticket.ts';
import { ticketChanged, ticketTeamWork } from './ticket-events.ts';
import type { TicketGates } from './ticket-gates.ts';
import type { HistoryEntry, TicketHistory } from './ticket-history.ts';
import type { TicketPromises } from './ticket-promises.ts';
import { sleepAfter } from './ticket-sleep.ts';
import type { TicketChange, TicketRow, TicketStore } from './ticket-store.ts';
import type { TicketTables } from './ticket-table.ts';

interface Deps {
  readonly store: TicketStore;
  readonly history: TicketHistory;
  readonly promises: TicketPromises;
  readonly gates: TicketGates;
  readonly fields: FieldValues;
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

  /**
   * Returns the new version. `version` is the one that the caller's person saw; throws `tickets.ticket-changed` where it is stale, `tickets.is-merged`, and `desk-fields.value-required` where
   * the change takes the ticket for done while a field is empty that must not be; and what gates throw of it.
   */
  async apply(
    tx: ScopedTransaction<TicketTables>,
    before: TicketRow,
    change: TicketChange,
    entries: readonly HistoryEntry[],
    version: number = before.version,
  ): Promise<number> {
    const { store, history, promises, fields, gates, jobs, live, clock } = this.#deps;
    const now = clock.now();
    // A machine that closes what it opened has no person to ask.
    if (isDone(before, change) && authorOf(tx.scope).kind !== 'system')
      await fields.assertComplete(tx, { ...ofTicket(before), type: change.type ?? before.type }, 'resolve');
    if (isDone(before, change)) await gates.assertMayResolve(tx, before.id);
    const promised = await promises.changed(tx, before, change, entries, now);
    const sleep = sleepAfter(before, change, entries, { isPerson: authorOf(tx.scope).kind !== 'system', at: now });
    await store.update(tx, before, version, now, { ...sleep.change, ...change, ...promised });
    const after = { id: before.id, client_id: change.client_id ?? before.client_id, version: version + 1 };
    await history.append(tx, after, now, sleep.entries);
    const payload = { ticketId: before.id, clientId: after.client_id };
    await jobs.publish(tx, ticketChanged, { aggregateId: before.id, version: after.version }, payload);
    if (isTeamWork(before, change, entries))
      await jobs.publish(tx, ticketTeamWork, { aggregateId: before.id, version: after.version }, payload);
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

const OF_TEAMS: readonly string[] = ['team', 'status', 'priority', 'merged', 'unmerged'];

function isTeamWork(before: TicketRow, change: TicketChange, entries: readonly HistoryEntry[]): boolean {
  const isAnyTeams = before.team_id !== null || (change.team_id ?? null) !== null;
  return isAnyTeams && entries.some(({ kind }) => OF_TEAMS.includes(kind));
}

/** From open to done, other than by a merge: what is asked of the one that goes on is not asked of the other. */
function isDone(before: TicketRow, { status, merged_into_id: survivor }: TicketChange): boolean {
  return status !== undefined && isOpen(before.status) && !isOpen(status) && (survivor ?? null) === null;
}

function ofTicket({ id: ticketId, client_id: clientId }: TicketRow) {
  return { ticketId, clientId };
}
