import { z } from 'zod';
import { newId } from '#kernel/id';
import { defineEvent } from '#kernel/event';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';

/** A calendar, a policy or a choice of one changed: open tickets are to be brought in line. */
export const slaRulesChanged = defineEvent('sla.rules-changed', z.object({}));

/** Announces that rules changed. */
export class RulesChanged {
  readonly #jobs: JobQueue;

  constructor(deps: { jobs: JobQueue }) {
    this.#jobs = deps.jobs;
  }

  async announce(tx: AnyTransaction): Promise<void> {
    // Each change stands by itself: there is no aggregate whose changes would have an order.
    await this.#jobs.publish(tx, slaRulesChanged, { aggregateId: newId(), version: 1 }, {});
  }
}
