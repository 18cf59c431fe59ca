import type { Clock } from '#kernel/clock';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { RuleBook } from './rule-book.ts';
import { type RunRulesPayload, runRules } from './rules-jobs.ts';
import type { DeskRuleTables } from './rules-table.ts';
import type { TimerStore } from './timer-store.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly book: RuleBook;
  readonly timers: TimerStore;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/**
 * Hears what happens to tickets. Rules run in a job of their own and not in the event's transaction: each is a transaction in the rule's name, so that a rule that is refused takes no
 * other with it.
 */
export class ListenToTickets {
  readonly #db: ScopedDb<DeskRuleTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<DeskRuleTables>();
    this.#deps = deps;
  }

  async heard(
    scope: TenantScope,
    about: {
      readonly eventId: string;
      readonly version: number;
      readonly ticketId: TicketId;
      readonly clientId: ClientId;
    },
    event: RunRulesPayload['event'],
  ): Promise<void> {
    const { rules } = await this.#deps.book.active(scope);
    if (rules.length === 0) return;
    await this.#db.transaction(scope, async (tx) => {
      const { eventId: occurrence, ticketId, version, clientId } = about;
      if (rules.some((rule) => rule.definition.when.kind === event.kind))
        await this.#deps.jobs.send(tx, runRules, { ticketId, version, occurrence, event });
      if (rules.some((rule) => rule.definition.when.kind === 'time'))
        await this.#deps.timers.wake(tx, { id: ticketId, clientId }, this.#deps.clock.now());
    });
  }
}
