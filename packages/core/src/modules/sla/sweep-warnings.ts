import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { defineJob, type JobQueue } from '#platform/jobs/job-queue';
import type { RuleBook } from './rule-book.ts';
import type { SlaTables } from './sla-table.ts';
import { slaTargetWarned } from './target-warned.ts';
import { advanceTicketClocks } from './ticket-clocks.ts';
import type { TicketSlaStore, ToWarn } from './ticket-sla-store.ts';
import { percentsOf } from './sla-policy.ts';
import { afterWarning, crossingsOf, nextWarning, type Crossing } from './warning-schedule.ts';

/** Warns of the clocks of an MSP that have come to a percentage of their budget. */
export const sweepWarnings = defineJob({
  name: 'sla.sweep-warnings',
  payload: z.object({}),
  cron: '* * * * *',
});

const BATCH = 500;
/** What is due before the next tick of the minute is waited for to the second. */
const NEXT_TICK = Temporal.Duration.from({ seconds: 60 });

interface Deps {
  readonly db: ScopedDb;
  readonly book: RuleBook;
  readonly store: TicketSlaStore;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** Does `sla.sweep-warnings`. What is due is found by an index, so that a minute in which nothing is due costs one look; a warning is a row that can be there once. */
export class SweepWarnings {
  readonly #db: ScopedDb<SlaTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SlaTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope): Promise<void> {
    const { store, jobs, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const now = clock.now();
      const due = await store.toWarn(tx, now, BATCH);
      if (due.length > 0) await this.#warn(tx, due, now);
      const next = due.length === BATCH ? now : await store.nextToWarn(tx, now.add(NEXT_TICK));
      if (next !== null) await jobs.send(tx, sweepWarnings, {}, { startAfter: next, singletonKey: next.toString() });
    });
  }

  async #warn(tx: ScopedTransaction<SlaTables>, due: readonly ToWarn[], now: Temporal.Instant): Promise<void> {
    const { book, store, jobs } = this.#deps;
    const rules = await book.rules(
      tx.scope,
      due.map(({ clocks }) => clocks),
      due.map(({ policyVersionId }) => policyVersionId),
    );
    const judged = due.map((ticket) => {
      const percents = percentsOf(rules, ticket.policyVersionId);
      const at = Temporal.Instant.compare(now, ticket.clocks.at) < 0 ? ticket.clocks.at : now;
      const clocks = advanceTicketClocks(rules, ticket.clocks, at);
      const crossings = crossingsOf(rules, clocks, percents, ticket.warned);
      const warned = afterWarning(clocks, ticket.warned, crossings);
      return { ticket, crossings, warned, nextWarningAt: nextWarning(rules, clocks, percents, warned) };
    });
    const given = await store.warn(
      tx,
      judged.flatMap(({ ticket, crossings }) => crossings.map((crossing) => warningOf(ticket, crossing))),
      now,
    );
    await store.setWarned(
      tx,
      judged.map(({ ticket: { ticketId }, ...rest }) => ({ ticketId, ...rest })),
    );
    await jobs.publishAll(
      tx,
      slaTargetWarned,
      given.map(({ id: warningId, ticketId, clientId }) => ({
        aggregateId: ticketId,
        version: 1,
        payload: { ticketId, clientId, warningId },
      })),
    );
  }
}

function warningOf({ ticketId, clientId, policyVersionId }: ToWarn, crossing: Crossing) {
  return { id: newId<'sla-warning'>(), ticketId, clientId, policyVersionId, ...crossing };
}
