import { z } from 'zod';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { defineJob, type JobQueue } from '#platform/jobs/job-queue';
import { outcomesOf } from './clock-outcomes.ts';
import type { RuleBook } from './rule-book.ts';
import { percentsOf } from './sla-policy.ts';
import type { SlaTables } from './sla-table.ts';
import type { TicketSlaStore } from './ticket-sla-store.ts';
import { nextWarning } from './warning-schedule.ts';

/** Fills in the verdicts of tickets from before they were columns. Once none is marked any more, a tick is one look at an empty index. */
export const fillOutcomes = defineJob({
  name: 'sla.fill-outcomes',
  payload: z.object({}),
  cron: '*/10 * * * *',
});

const BATCH = 500;

interface Deps {
  readonly db: ScopedDb;
  readonly book: RuleBook;
  readonly store: TicketSlaStore;
  readonly jobs: JobQueue;
}

/** Does `sla.fill-outcomes`, a batch in a transaction of its own: what is done is not marked any more, so that it goes on where it was stopped. */
export class FillOutcomes {
  readonly #db: ScopedDb<SlaTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SlaTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope): Promise<void> {
    const { book, store, jobs } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const marked = await store.withoutOutcomes(tx, BATCH);
      if (marked.length === 0) return;
      const rules = await book.rules(
        tx.scope,
        marked.map(({ clocks }) => clocks),
        marked.map(({ policyVersionId }) => policyVersionId),
      );
      await store.write(
        tx,
        marked.map((one) => ({
          ...one,
          newEvents: [],
          outcomes: outcomesOf(rules, one.clocks),
          nextWarningAt: nextWarning(rules, one.clocks, percentsOf(rules, one.policyVersionId), one.warned),
        })),
      );
      if (marked.length === BATCH) await jobs.send(tx, fillOutcomes, {}, { singletonKey: 'next' });
    });
  }
}
