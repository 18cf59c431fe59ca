import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import {
  advanceTicketClocks,
  afterWarning,
  crossingsOf,
  nextWarning,
  percentsOf,
  type RuleBook,
  type SlaRules,
} from '#modules/sla';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { defineJob, type JobQueue } from '#platform/jobs/job-queue';
import type { KnownStay, OlaStore } from './ola-store.ts';
import type { OlaTables } from './ola-table.ts';
import { olaStayWarned } from './stay-warned.ts';

/** Warns of the stays of tickets with teams that have come to a percentage of their OLA's budget. */
export const sweepStayWarnings = defineJob({
  name: 'ola.sweep-warnings',
  payload: z.object({}),
  cron: '* * * * *',
});

const BATCH = 500;

interface Deps {
  readonly db: ScopedDb;
  readonly book: RuleBook;
  readonly store: OlaStore;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** Does `ola.sweep-warnings`: to the minute, through an index; a warning is a row that can be there once. */
export class SweepStayWarnings {
  readonly #db: ScopedDb<OlaTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<OlaTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope): Promise<void> {
    const { store, jobs, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const now = clock.now();
      const due = await store.toWarn(tx, now, BATCH);
      if (due.length > 0) await this.#warn(tx, due, now);
      if (due.length === BATCH) await jobs.send(tx, sweepStayWarnings, {}, { singletonKey: 'next' });
    });
  }

  async #warn(tx: ScopedTransaction<OlaTables>, due: readonly KnownStay[], now: Temporal.Instant): Promise<void> {
    const { book, store, jobs } = this.#deps;
    const rules = await book.rules(
      tx.scope,
      due.map(({ stay }) => stay.clocks),
      due.map(({ policyVersionId }) => policyVersionId),
    );
    const judged = due.map((known) => judge(rules, known, now));
    const given = await store.warn(
      tx,
      judged.flatMap(({ crossings }) => crossings),
      now,
    );
    await store.setWarned(tx, judged);
    await jobs.publishAll(
      tx,
      olaStayWarned,
      given.map(({ id: warningId, stay: { ticketId, clientId } }) => ({
        aggregateId: ticketId,
        version: 1,
        payload: { ticketId, clientId, warningId },
      })),
    );
  }
}

function judge(rules: SlaRules, known: KnownStay, now: Temporal.Instant) {
  const { clocks } = known.stay;
  const percents = percentsOf(rules, known.policyVersionId);
  const at = Temporal.Instant.compare(now, clocks.at) < 0 ? clocks.at : now;
  const then = advanceTicketClocks(rules, clocks, at);
  const crossings = crossingsOf(rules, then, percents, known.warned);
  const warned = afterWarning(then, known.warned, crossings);
  return {
    id: known.id,
    warned,
    nextWarningAt: nextWarning(rules, then, percents, warned),
    crossings: crossings.map(({ percent, dueAt }) => ({ id: newId<'ola-warning'>(), stay: known, percent, dueAt })),
  };
}
