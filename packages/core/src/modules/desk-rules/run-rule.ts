import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import {
  type ActionOutcome,
  type ApplyActions,
  changesFields,
  doesSomething,
  planActions,
} from '#modules/rule-actions';
import {
  type Check,
  type Circumstances,
  type FactsQueries,
  type RuleEvent,
  type TicketFacts,
  evaluateRule,
} from '#modules/rule-conditions';
import { type Chain, type Permit, chainOf, permitOf } from './chain-guard.ts';
import type { MakeRuleScope } from './desk-rules-needs.ts';
import type { ActiveRule } from './rule-book.ts';
import type { DeskRuleTables } from './rules-table.ts';
import type { RunLog, Trail } from './run-log.ts';

/** One thing that happened, with what is known of how it came about. */
export interface Occasion {
  readonly event: RuleEvent;
  /** What makes it this thing and no other: each rule runs once for it. */
  readonly occurrence: string;
  /** The ticket's version that the event left behind; null where no change of the ticket was the event. */
  readonly version: number | null;
  readonly around: Circumstances;
  /** The comment that the event is about. */
  readonly commentId?: Parameters<FactsQueries['of']>[2];
}

/** How it ended: not a match, kept off by loop protection, or run. `before` says that it had been done already. */
export type RunEnd = 'no-match' | 'before' | 'ran' | Exclude<Permit, 'run'>;

interface Deps {
  readonly db: ScopedDb;
  readonly facts: FactsQueries;
  readonly log: RunLog;
  readonly apply: ApplyActions;
  readonly makeRuleScope: MakeRuleScope;
  readonly live: LiveHub;
  readonly clock: Clock;
}

const REFUSALS = {
  'too-deep': 'Too many rules in a row led here.',
  'too-many': 'Rules ran too often on this ticket.',
  loop: 'It came round again and would have changed the ticket back and forth.',
} as const;

const HOUR = Temporal.Duration.from({ hours: 1 });
/** A rule of time has a chain of its own each time; what two of them do to each other shows only in a day. */
const MAX_TIMES_A_DAY = 20;

/** Runs one rule on one ticket for one occasion: everything it does, and the line of the log, are one transaction. */
export class RunRule {
  readonly #db: ScopedDb<DeskRuleTables & TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<DeskRuleTables & TicketTables>();
    this.#deps = deps;
  }

  /** `facts` is the ticket as the caller saw it; what counts is what it is once locked. */
  async run(scope: TenantScope, rule: ActiveRule, occasion: Occasion, facts: TicketFacts): Promise<RunEnd> {
    const { makeRuleScope, log, apply, live, clock } = this.#deps;
    const ruleScope = makeRuleScope(scope.mspId, { id: rule.id, label: `Rule ‘${rule.name}’` });
    return this.#db.transaction(ruleScope, async (tx) => {
      const version = await lockTicket(tx, facts.id);
      if (version === null) return 'no-match';
      const run = { ruleId: rule.id, ticketId: facts.id, occurrence: occasion.occurrence };
      if (await log.has(tx.typed(), run)) return 'before';
      const seen = version === facts.version ? facts : await this.#again(tx, facts, occasion);
      const verdict = evaluateRule(rule.definition, occasion.event, seen, occasion.around);
      if (verdict === null || !verdict.matches) return 'no-match';
      const plan = planActions(rule.definition.actions, seen);
      const runs = await log.trail(tx.scope, facts.id, clock.now());
      const chain = this.#chain(runs, occasion);
      const permit = this.#permit(rule, chain, runs, plan, occasion);
      if (permit === 'skip') return 'skip';
      const line = { rule, occasion, seen, chain, checks: verdict.checks };
      if (permit === 'run') {
        const { outcomes, version: after } = await apply.run(tx, plan, seen);
        await this.#write(tx, line, { state: 'ran', reason: '', outcomes, after });
      } else if (isFirst(runs, rule.id, permit))
        await this.#write(tx, line, { state: 'refused', reason: REFUSALS[permit], outcomes: [], after: seen.version });
      live.touch(tx, { clientId: seen.clientId, topic: 'desk-rule-run', id: rule.id, version: 0 });
      return permit === 'run' ? 'ran' : permit;
    });
  }

  async #again(tx: ScopedTransaction<TicketTables>, facts: TicketFacts, occasion: Occasion): Promise<TicketFacts> {
    const [fresh] = await this.#deps.facts.of(tx.scope, [facts.id], occasion.commentId);
    return fresh ?? facts;
  }

  #chain(runs: Trail['runs'], { version, occurrence }: Occasion): Chain {
    return version === null ? { id: occurrence, depth: 0, ruleIds: new Set() } : chainOf(runs, version, occurrence);
  }

  #permit(
    rule: ActiveRule,
    chain: Chain,
    runs: Trail['runs'],
    plan: ReturnType<typeof planActions>,
    { event }: Occasion,
  ): Permit {
    const since = this.#deps.clock.now().subtract(HOUR);
    const lastHour = runs.filter((run) => run.state === 'ran' && Temporal.Instant.compare(run.at, since) > 0);
    const permit = permitOf(
      rule.id,
      chain,
      { changeFields: changesFields(plan), doSomething: doesSomething(plan) },
      lastHour.length,
    );
    const isOften =
      event.kind === 'time' &&
      runs.filter((run) => run.ruleId === rule.id && run.state === 'ran').length >= MAX_TIMES_A_DAY;
    return permit === 'run' && isOften ? 'too-many' : permit;
  }

  async #write(
    tx: ScopedTransaction<DeskRuleTables>,
    line: { rule: ActiveRule; occasion: Occasion; seen: TicketFacts; chain: Chain; checks: readonly Check[] },
    end: { state: 'ran' | 'refused'; reason: string; outcomes: readonly ActionOutcome[]; after: number },
  ): Promise<void> {
    const { rule, occasion, seen, chain, checks } = line;
    await this.#deps.log.append(tx, {
      id: newId<'desk-rule-run'>(),
      client_id: seen.clientId,
      ticket_id: seen.id,
      rule_id: rule.id,
      rule_version: rule.version,
      rule_name: rule.name,
      occurrence: occasion.occurrence,
      event: wordsOfEvent(occasion.event),
      state: end.state,
      reason: end.reason,
      checks: JSON.stringify(checks),
      actions: JSON.stringify(end.outcomes),
      chain_id: chain.id,
      depth: chain.depth + 1,
      from_version: seen.version,
      to_version: end.after,
      at: this.#deps.clock.now(),
    });
  }
}

/** One line a reason, an hour and a rule: a ticket that floods must not flood the log as well. */
function isFirst(runs: Trail['runs'], ruleId: string, permit: Permit): boolean {
  return permit === 'loop' || !runs.some((run) => run.ruleId === ruleId && run.state === 'refused');
}

async function lockTicket(tx: ScopedTransaction<TicketTables>, id: TicketId): Promise<number | null> {
  const row = await tx.query.selectFrom('ticket').select('version').where('id', '=', id).forUpdate().executeTakeFirst();
  return row?.version ?? null;
}

function wordsOfEvent(event: RuleEvent): string {
  switch (event.kind) {
    case 'opened':
      return 'opened';
    case 'changed':
      return event.changes
        .map(({ field, from, to }) => `${field}: ${from ?? ''} → ${to ?? ''}`)
        .join('; ')
        .slice(0, 400);
    case 'commented':
      return `commented by ${event.by}, ${event.visibility}`;
    case 'time':
      return `time since ${event.since}: ${event.basis.toString()}`;
    case 'schedule':
      return 'schedule';
  }
}
