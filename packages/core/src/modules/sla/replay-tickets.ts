import type { Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { outcomesOf, type Outcomes } from './clock-outcomes.ts';
import type { RuleBook } from './rule-book.ts';
import type { SlaEvent } from './sla-event.ts';
import type { SlaRules } from './sla-policy.ts';
import type { SlaPolicyId, SlaPolicyVersionId, SlaTables } from './sla-table.ts';
import { storedEvent } from './ticket-sla-store.ts';
import { advanceTicketClocks, applyEvent, startTicketClocks } from './ticket-clocks.ts';

/** A ticket judged twice: as it was, and as if another policy had held from its first moment. */
export interface JudgedTwice {
  readonly before: Outcomes;
  readonly after: Outcomes;
}

/** Replays tickets' stored events under a policy that did not hold. Nothing is written, and no verdict changes. */
export class ReplayTickets {
  readonly #db: ScopedDb<SlaTables>;
  readonly #book: RuleBook;

  constructor(deps: { db: ScopedDb; book: RuleBook }) {
    this.#db = deps.db.typed<SlaTables>();
    this.#book = deps.book;
  }

  /** The version that an SLA policy has now, and its name; null where there is no such policy. */
  async versionOf(
    scope: TenantScope,
    policyId: SlaPolicyId,
  ): Promise<{ versionId: SlaPolicyVersionId; name: string } | null> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('sla_policy')
        .select(['version_id', 'name'])
        .where('id', '=', policyId)
        .where('kind', '=', 'sla'),
    );
    return row === undefined ? null : { versionId: row.version_id, name: row.name };
  }

  /** Each ticket that has events, judged as of `asOf` by what held and by `versionId`. One read, however many tickets. */
  async run(
    scope: TenantScope,
    ticketIds: readonly Id<'ticket'>[],
    versionId: SlaPolicyVersionId,
    asOf: Temporal.Instant,
  ): Promise<Map<string, JudgedTwice>> {
    const judged = new Map<string, JudgedTwice>();
    if (ticketIds.length === 0) return judged;
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('sla_event')
        .select(['ticket_id', 'at', 'type', 'value'])
        .where('ticket_id', 'in', ticketIds)
        .orderBy('ticket_id')
        .orderBy('place'),
    );
    const events = rows.map((row) => ({ ticketId: row.ticket_id as string, event: storedEvent(row) }));
    const rules = await this.#rulesOf(
      scope,
      events.map(({ event }) => event),
      versionId,
    );
    for (const [ticketId, ofTicket] of Map.groupBy(events, (one) => one.ticketId)) {
      const history = ofTicket.map(({ event }) => event);
      judged.set(ticketId, {
        before: judge(rules, null, history, asOf),
        after: judge(
          rules,
          versionId,
          history.filter(({ type }) => type !== 'policy' && type !== 'calendar'),
          asOf,
        ),
      });
    }
    return judged;
  }

  async #rulesOf(scope: TenantScope, events: readonly SlaEvent[], versionId: string): Promise<SlaRules> {
    const versions = new Set(events.flatMap((event) => (event.type === 'policy' ? [event.value] : [])));
    const calendars = new Set(events.flatMap((event) => (event.type === 'calendar' ? [event.value.to] : [])));
    return this.#book.rules(scope, [], [...versions, versionId], [...calendars]);
  }
}

function judge(
  rules: SlaRules,
  policy: string | null,
  [created, ...later]: readonly SlaEvent[],
  asOf: Temporal.Instant,
): Outcomes {
  if (created?.type !== 'created') throw new RangeError('A ticket’s events begin with its creation.');
  let clocks = startTicketClocks(rules, policy, created);
  for (const event of later) clocks = applyEvent(rules, clocks, event);
  const end = Temporal.Instant.compare(asOf, clocks.at) < 0 ? clocks.at : asOf;
  return outcomesOf(rules, advanceTicketClocks(rules, clocks, end));
}
