import type { ClientId, Id } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { nextBreach, outcomesOf } from './clock-outcomes.ts';
import type { CreatedEvent, SlaEvent } from './sla-event.ts';
import { percentsOf, type SlaRules } from './sla-policy.ts';
import { applyEvent, startTicketClocks, type TicketClocks } from './ticket-clocks.ts';
import { rulesEvents } from './rules-events.ts';
import type { RuleBook } from './rule-book.ts';
import type { ChooseFor, ChosenPolicy, PolicyFinder } from './policy-finder.ts';
import type { SlaTables } from './sla-table.ts';
import { afterWarning, nextWarning } from './warning-schedule.ts';
import type { ClocksChange, StoredClocks, TicketSlaStore } from './ticket-sla-store.ts';

type WithoutTime<Event> = Event extends SlaEvent ? Omit<Event, 'at'> : never;
/** What a ticket can tell its clocks; which rules hold is decided here. */
export type SlaHappening = WithoutTime<Exclude<SlaEvent, { type: 'created' | 'policy' | 'calendar' | 'team' | 'ola' }>>;

/** A ticket that something happened to. */
export interface SlaChange {
  readonly ticketId: Id<'ticket'>;
  /** Whose the ticket's rows are at this moment. */
  readonly clientId: ClientId;
  /** By what its policy is chosen from here on. Taken into account where `mayChangePolicy`, at a reopening, and for a ticket without clocks. */
  readonly chooseFor: ChooseFor;
  readonly mayChangePolicy: boolean;
  readonly happenings: readonly SlaHappening[];
}

/** What happened to tickets before they had clocks, each beginning with `created`, in order. */
export type PastOf = (ticketIds: readonly Id<'ticket'>[]) => Promise<ReadonlyMap<string, readonly SlaEvent[]>>;

const NOTHING: ChosenPolicy = { versionId: null, by: 'nothing' };

interface Deps {
  readonly book: RuleBook;
  readonly finder: PolicyFinder;
  readonly store: TicketSlaStore;
}

/**
 * Moves the clocks of tickets in the transaction that changes them. What it answers is when the first open promise of a ticket is, or was, due: the instant of a breach stands
 * until what was promised is done.
 */
export class TicketSla {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Starts the clocks of a ticket that is being opened, under the policy that holds for it. Null where nothing is due. */
  async opened(
    within: AnyTransaction,
    ticket: { ticketId: Id<'ticket'>; chooseFor: ChooseFor; priority: number; status: string },
    at: Temporal.Instant,
  ): Promise<Temporal.Instant | null> {
    const { book, finder, store } = this.#deps;
    const tx = within.typed<SlaTables>();
    const [choice = NOTHING] = await finder.find(tx.scope, [ticket.chooseFor]);
    const chosen = choice.versionId;
    const created: CreatedEvent = {
      at: exact(at),
      type: 'created',
      value: { priority: String(ticket.priority), status: ticket.status },
    };
    const rules = await book.rules(tx.scope, [], [chosen]);
    const started = apply(
      rules,
      startTicketClocks(rules, null, created),
      created.at,
      chosen === null ? [] : [{ type: 'policy', value: chosen }],
    );
    await store.write(tx, [
      {
        ticketId: ticket.ticketId,
        clientId: ticket.chooseFor.clientId,
        clocks: started.clocks,
        policyVersionId: chosen,
        chosenBy: choice.by,
        events: 1 + started.events.length,
        warned: {},
        newEvents: [created, ...started.events],
        outcomes: outcomesOf(rules, started.clocks),
        nextWarningAt: nextWarning(rules, started.clocks, percentsOf(rules, chosen), {}),
      },
    ]);
    return nextBreach(rules, started.clocks);
  }

  /**
   * Tells clocks what happened at `at` to tickets that the caller holds locked. Those without clocks get them from what is known of their past: nothing was promised then, so nothing is
   * held against it, and their policy counts from now. Answers for those that were moved.
   */
  async happened(
    within: AnyTransaction,
    changes: readonly SlaChange[],
    at: Temporal.Instant,
    pastOf: PastOf,
  ): Promise<Map<string, Temporal.Instant | null>> {
    const { book, store } = this.#deps;
    const tx = within.typed<SlaTables>();
    const known = await store.read(
      tx,
      changes.map(({ ticketId }) => ticketId),
    );
    const adopted = await this.#adopt(changes, known, pastOf);
    const chosen = await this.#chosen(tx, changes, known);
    const before = changes.map(({ ticketId }) => known.get(ticketId) ?? adopted.get(ticketId)?.stored);
    const rules = await book.rules(
      tx.scope,
      before.flatMap((one) => one?.clocks ?? []),
      [...chosen.values().map(({ versionId }) => versionId), ...before.map((one) => one?.policyVersionId ?? null)],
    );
    const sameCalendar = book.sameCalendar(tx.scope.mspId);
    const written: ClocksChange[] = [];
    for (const [index, change] of changes.entries()) {
      const stored = before[index];
      if (stored === undefined) continue;
      const past = adopted.get(change.ticketId)?.past ?? [];
      const policy = chosen.get(change.ticketId) ?? { versionId: stored.policyVersionId, by: stored.chosenBy };
      const moved = rulesEvents(rules, sameCalendar, { from: stored.policyVersionId, to: policy.versionId });
      const told = apply(rules, stored.clocks, at, [...change.happenings, ...moved]);
      const isSame = policy.versionId === stored.policyVersionId && policy.by === stored.chosenBy;
      if (told.events.length + past.length === 0 && isSame) continue;
      const warned = afterWarning(told.clocks, stored.warned, []);
      written.push({
        ticketId: change.ticketId,
        clientId: change.clientId,
        clocks: told.clocks,
        policyVersionId: policy.versionId,
        chosenBy: policy.by,
        events: stored.events + past.length + told.events.length,
        warned,
        newEvents: [...past, ...told.events],
        outcomes: outcomesOf(rules, told.clocks),
        nextWarningAt: nextWarning(rules, told.clocks, percentsOf(rules, policy.versionId), warned),
      });
    }
    await store.write(tx, written);
    return new Map(written.map(({ ticketId, clocks }) => [ticketId, nextBreach(rules, clocks)]));
  }

  /**
   * Ends the clocks of tickets that were merged into others: each clock that has no verdict yet ends as none, a verdict stays, and the tickets hear nothing more. The caller holds them locked;
   * nothing is due for them afterwards.
   */
  async merged(
    within: AnyTransaction,
    tickets: readonly { readonly ticketId: Id<'ticket'>; readonly clientId: ClientId }[],
    at: Temporal.Instant,
    pastOf: PastOf,
  ): Promise<void> {
    const changes = tickets.map((ticket) => ({
      ...ticket,
      chooseFor: { clientId: ticket.clientId, agreementId: null, type: '' },
      mayChangePolicy: false,
      happenings: [{ type: 'merged' as const }],
    }));
    await this.happened(within, changes, at, pastOf);
  }

  async #adopt(
    changes: readonly SlaChange[],
    known: ReadonlyMap<string, StoredClocks>,
    pastOf: PastOf,
  ): Promise<Map<string, { stored: StoredClocks; past: readonly SlaEvent[] }>> {
    const missing = changes.map(({ ticketId }) => ticketId).filter((id) => !known.has(id));
    const adopted = new Map<string, { stored: StoredClocks; past: readonly SlaEvent[] }>();
    if (missing.length === 0) return adopted;
    const none: SlaRules = { calendars: new Map(), policies: new Map() };
    for (const [id, [created, ...later]] of await pastOf(missing)) {
      if (created?.type !== 'created') continue;
      let clocks = startTicketClocks(none, null, created);
      for (const event of later) clocks = applyEvent(none, clocks, event);
      adopted.set(id, {
        stored: { clocks, policyVersionId: null, chosenBy: 'nothing', events: 0, warned: {} },
        past: [created, ...later],
      });
    }
    return adopted;
  }

  /** The versions that hold from now on, for those tickets whose policy may change. */
  async #chosen(
    tx: AnyTransaction,
    changes: readonly SlaChange[],
    known: ReadonlyMap<string, StoredClocks>,
  ): Promise<Map<string, ChosenPolicy>> {
    const open = changes.filter(
      ({ ticketId, mayChangePolicy, happenings }) =>
        mayChangePolicy || !known.has(ticketId) || happenings.some(({ type }) => type === 'reopened'),
    );
    if (open.length === 0) return new Map();
    const found = await this.#deps.finder.find(
      tx.scope,
      open.map(({ chooseFor }) => chooseFor),
    );
    return new Map(open.map(({ ticketId }, index) => [ticketId, found[index] ?? NOTHING]));
  }
}

function apply(
  rules: SlaRules,
  before: TicketClocks,
  now: Temporal.Instant,
  happenings: readonly WithoutTime<SlaEvent>[],
): { clocks: TicketClocks; events: SlaEvent[] } {
  // Two machines' clocks may differ; what came later happened later.
  const at = Temporal.Instant.compare(now, before.at) < 0 ? before.at : exact(now);
  const events = happenings.map((one): SlaEvent => ({ ...one, at }));
  let clocks = before;
  for (const event of events) clocks = applyEvent(rules, clocks, event);
  return { clocks, events };
}

/** As finely as the database keeps it, so that a replay of what is stored sees the same instants. */
function exact(at: Temporal.Instant): Temporal.Instant {
  return at.round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
}
