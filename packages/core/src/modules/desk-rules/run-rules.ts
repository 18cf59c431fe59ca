import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import {
  type FactsQueries,
  type RuleEvent,
  type RuleSurroundings,
  type TicketFacts,
  evaluateRule,
} from '#modules/rule-conditions';
import type { ActiveRule, RuleBook } from './rule-book.ts';
import type { RunRulesPayload } from './rules-jobs.ts';
import type { RunLog } from './run-log.ts';
import type { Occasion, RunRule } from './run-rule.ts';
import type { SaveRule } from './save-rule.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly book: RuleBook;
  readonly facts: FactsQueries;
  readonly surroundings: RuleSurroundings;
  readonly log: RunLog;
  readonly runRule: RunRule;
  readonly rules: SaveRule;
  readonly clock: Clock;
}

/** Asks an MSP's rules, in their order, about something that happened to a ticket. */
export class RunRules {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Does `desk-rules.run-rules`. Delivered twice, or again after a crash, each rule has run once. */
  async run(scope: TenantScope, payload: RunRulesPayload): Promise<void> {
    const { book, facts, surroundings, log, clock } = this.#deps;
    const { rules } = await book.active(scope);
    const waiting = rules.filter((rule) => rule.definition.when.kind === payload.event.kind);
    if (waiting.length === 0) return;
    const commentId = payload.event.kind === 'commented' ? payload.event.commentId : undefined;
    const [ticket] = await facts.of(scope, [payload.ticketId], commentId);
    if (ticket === undefined) return;
    const event = await this.#eventOf(scope, payload, ticket);
    if (event === null) return;
    const around = (
      await surroundings.of(
        scope,
        waiting.map(({ definition }) => definition),
      )
    )(clock.now());
    const { occurrence, version } = payload;
    // Begun before, by a worker that did not finish: a rule that stopped the others then stops them now, whatever it made of the ticket.
    const ran = await log.ranFor(scope, ticket.id, occurrence);
    const stopped = waiting.findIndex((rule) => rule.stops && ran.has(rule.id));
    const left = (stopped < 0 ? waiting : waiting.slice(0, stopped)).filter((rule) => !ran.has(rule.id));
    const occasion = { event, occurrence, version, around, ...(commentId === undefined ? {} : { commentId }) };
    await this.ask(scope, left, occasion, ticket);
  }

  /** Asks rules in their order; a rule that ran and stops is the last. Says whether one did. */
  async ask(
    scope: TenantScope,
    rules: readonly ActiveRule[],
    occasion: Occasion,
    ticket: TicketFacts,
  ): Promise<'stopped' | 'through'> {
    let seen = ticket;
    for (const rule of rules) {
      if (evaluateRule(rule.definition, occasion.event, seen, occasion.around)?.matches !== true) continue;
      const end = await this.#deps.runRule.run(scope, rule, occasion, seen);
      if (end === 'loop') await this.#switchOff(scope, rule, seen);
      if (end === 'ran') {
        const [fresh] = await this.#deps.facts.of(scope, [seen.id], occasion.commentId);
        if (fresh === undefined) return 'through';
        seen = fresh;
      }
      if (rule.stops && (end === 'ran' || end === 'before')) return 'stopped';
    }
    return 'through';
  }

  async #eventOf(
    scope: TenantScope,
    { event, version }: RunRulesPayload,
    ticket: TicketFacts,
  ): Promise<RuleEvent | null> {
    if (event.kind === 'opened') return event;
    if (event.kind === 'commented') return { kind: 'commented', by: event.by, visibility: event.visibility };
    const changes = await this.#deps.facts.changesAt(scope, ticket, version);
    return changes.length === 0 ? null : { kind: 'changed', changes };
  }

  async #switchOff(scope: TenantScope, rule: ActiveRule, { number }: TicketFacts): Promise<void> {
    await this.#deps.rules.switchOff(
      scope,
      rule.id,
      `On T-${number} it and another rule changed the ticket back and forth. Make one of them more particular, then switch it on again.`,
    );
  }
}
