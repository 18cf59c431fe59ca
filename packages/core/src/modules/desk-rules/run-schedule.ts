import type { z } from 'zod';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { FactsQueries, RuleSurroundings } from '#modules/rule-conditions';
import type { RuleBook } from './rule-book.ts';
import { runSchedule } from './rules-jobs.ts';
import type { RunRules } from './run-rules.ts';

const BATCH = 500;

interface Deps {
  readonly db: ScopedDb;
  readonly book: RuleBook;
  readonly facts: FactsQueries;
  readonly surroundings: RuleSurroundings;
  readonly rules: RunRules;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** Does `desk-rules.run-schedule`: asks one rule about the open tickets, a batch a job. A ticket on which it ran for this occurrence is left alone, so that a batch may run twice. */
export class RunSchedule {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope, { ruleId, at, after }: z.output<typeof runSchedule.payload>): Promise<void> {
    const { book, facts, surroundings, rules, jobs, clock } = this.#deps;
    const rule = (await book.active(scope)).rules.find(({ id }) => id === ruleId);
    if (rule?.definition.when.kind !== 'schedule') return;
    const rows = await this.#db.read(scope, (query) => {
      const open = query.selectFrom('ticket').select('id').where('is_open', '=', true);
      return (after === null ? open : open.where('id', '>', after)).orderBy('id').limit(BATCH);
    });
    const tickets = await facts.of(
      scope,
      rows.map(({ id }) => id),
    );
    const around = (await surroundings.of(scope, [rule.definition]))(clock.now());
    const occasion = { event: { kind: 'schedule' }, occurrence: `schedule:${at}`, version: null, around } as const;
    for (const ticket of tickets) await rules.ask(scope, [rule], occasion, ticket);
    if (rows.length === BATCH)
      await this.#db.transaction(scope, (tx) =>
        jobs.send(tx, runSchedule, { ruleId, at, after: rows.at(-1)?.id ?? null }),
      );
  }
}
