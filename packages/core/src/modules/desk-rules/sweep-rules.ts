import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import {
  type Circumstances,
  type FactsQueries,
  type MomentQueries,
  type Moments,
  type RuleSurroundings,
  type TicketFacts,
  type Trigger,
  asksForHours,
  dueOf,
  nextOccurrence,
  timeOccurrence,
} from '#modules/rule-conditions';
import type { ActiveRule, RuleBook } from './rule-book.ts';
import { runSchedule } from './rules-jobs.ts';
import type { DeskRuleTables } from './rules-table.ts';
import type { RunLog } from './run-log.ts';
import type { RunRules } from './run-rules.ts';
import type { TimerStore } from './timer-store.ts';

type TimeRule = ActiveRule & { readonly trigger: Extract<Trigger, { kind: 'time' }> };
type Tables = DeskRuleTables & TicketTables;

interface Deps {
  readonly db: ScopedDb;
  readonly book: RuleBook;
  readonly facts: FactsQueries;
  readonly surroundings: RuleSurroundings;
  readonly moments: MomentQueries;
  readonly timers: TimerStore;
  readonly log: RunLog;
  readonly rules: RunRules;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

const BATCH = 500;
/** Of batches in one sweep; what is left waits for the next minute. */
const MAX_BATCHES = 40;
/** How soon a ticket whose time has come, but not its hours, is looked at again. */
const HOURS_AGAIN = Temporal.Duration.from({ minutes: 15 });
/** Older solved tickets are left in peace. */
const SOLVED_WITHIN = Temporal.Duration.from({ hours: 90 * 24 });

/** Runs rules of time and starts schedules. A ticket has one timer, the first moment at which any rule of time may have its turn: a sweep reads those that are due and no other ticket. */
export class SweepRules {
  readonly #db: ScopedDb<Tables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<Tables>();
    this.#deps = deps;
  }

  /** Does `desk-rules.sweep-rules`. */
  async run(scope: TenantScope): Promise<void> {
    const { rules } = await this.#deps.book.active(scope);
    if (rules.some((rule) => rule.definition.when.kind === 'schedule')) await this.#startSchedules(scope);
    const timed = timeRules(rules);
    if (timed.length === 0) return;
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) if ((await this.#batch(scope, timed)) < BATCH) return;
  }

  /** Does `desk-rules.look-at-all`: every ticket that is not closed is looked at in the next sweep. */
  async lookAtAll(scope: TenantScope): Promise<void> {
    const { rules } = await this.#deps.book.active(scope);
    const now = this.#deps.clock.now();
    await this.#db.transaction(scope, async (tx) => {
      const { timers } = this.#deps;
      if (timeRules(rules).length === 0) await timers.clear(tx.typed());
      else await timers.wakeAll(tx.typed(), now, now.subtract(SOLVED_WITHIN));
    });
  }

  async #batch(scope: TenantScope, rules: readonly TimeRule[]): Promise<number> {
    const { facts, log, surroundings, clock } = this.#deps;
    const now = clock.now();
    const due = await this.#db.read(scope, (query) =>
      query.selectFrom('desk_rule_timer').select('ticket_id').where('due_at', '<=', now).orderBy('due_at').limit(BATCH),
    );
    const ids = due.map((row) => row.ticket_id);
    if (ids.length === 0) return 0;
    const tickets = await facts.of(scope, ids);
    const [moments, dealtWith, around] = await Promise.all([
      this.#deps.moments.of(scope, tickets),
      log.dealtWith(
        scope,
        rules.map(({ id }) => id),
        ids,
      ),
      surroundings.of(
        scope,
        rules.map(({ definition }) => definition),
      ),
    ]);
    const next = new Map<TicketId, Temporal.Instant>();
    for (const ticket of tickets) {
      const at = await this.#ticket(scope, rules, ticket, { moments: moments.get(ticket.id), dealtWith }, around(now));
      if (at !== null) next.set(ticket.id, at);
    }
    await this.#db.transaction(scope, (tx) => this.#deps.timers.setNext(tx.typed(), ids, next, now));
    return ids.length;
  }

  /** Asks the rules whose time has come; says when the next one's comes. */
  async #ticket(
    scope: TenantScope,
    rules: readonly TimeRule[],
    ticket: TicketFacts,
    known: { moments: Moments | undefined; dealtWith: ReadonlySet<string> },
    around: Circumstances,
  ): Promise<Temporal.Instant | null> {
    if (known.moments === undefined) return null;
    let next: Temporal.Instant | null = null;
    const soonest = (at: Temporal.Instant): void => {
      if (next === null || Temporal.Instant.compare(at, next) < 0) next = at;
    };
    for (const rule of rules) {
      const turn = dueOf(rule.trigger, known.moments);
      if (turn === null) continue;
      const { since } = rule.trigger;
      const occurrence = timeOccurrence(since, turn.basis);
      if (Temporal.Instant.compare(turn.dueAt, around.now) > 0) soonest(turn.dueAt);
      else if (!known.dealtWith.has(`${rule.id} ${ticket.id} ${occurrence}`)) {
        const event = { kind: 'time', since, basis: turn.basis } as const;
        const end = await this.#deps.rules.ask(scope, [rule], { event, occurrence, version: null, around }, ticket);
        if (end === 'stopped') break;
        if (asksForHours(rule.definition)) soonest(around.now.add(HOURS_AGAIN));
      }
    }
    return next;
  }

  /** Sends a job for each schedule that has come round, and says when it does next. */
  async #startSchedules(scope: TenantScope): Promise<void> {
    const now = this.#deps.clock.now();
    await this.#db.transaction(scope, async (tx) => {
      const due = await tx.query
        .selectFrom('desk_rule')
        .select(['id', 'definition', 'next_at'])
        .where('is_active', '=', true)
        .where('next_at', '<=', now)
        .forUpdate()
        .execute();
      const nexts = due.map((rule) => nextOccurrence(rule.definition.when, now)?.toString() ?? null);
      await tx.sql(
        `update desk_rule r set next_at = n.at from unnest($2::uuid[], $3::timestamptz[]) n(id, at)
         where r.msp_id = $1 and r.id = n.id`,
        [scope.mspId, due.map(({ id }) => id), nexts],
      );
      for (const { id, next_at } of due)
        await this.#deps.jobs.send(tx, runSchedule, { ruleId: id, at: String(next_at), after: null });
    });
  }
}

function timeRules(rules: readonly ActiveRule[]): TimeRule[] {
  return rules.flatMap((rule) =>
    rule.definition.when.kind === 'time' ? [{ ...rule, trigger: rule.definition.when }] : [],
  );
}
