import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { defineJob, type JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { TicketPromises } from './ticket-promises.ts';
import type { TicketStore } from './ticket-store.ts';
import type { TicketTables } from './ticket-table.ts';

/** Brings the clocks of open tickets in line with calendars, policies and choices, a batch at a time, in the order of ids. */
export const followSla = defineJob({
  name: 'tickets.follow-sla',
  payload: z.object({
    /** The last ticket of the batch before. */
    after: idSchema('ticket').nullable(),
  }),
});

const BATCH = 500;

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly promises: TicketPromises;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Does `tickets.follow-sla`. Tickets that had no clocks get them here; one that is in line is left as it is, so that a batch may run twice. */
export class FollowSla {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /** Begins with the first ticket. */
  async start(scope: TenantScope): Promise<void> {
    await this.#db.transaction(scope, (tx) => this.#deps.jobs.send(tx, followSla, { after: null }));
  }

  async run(scope: TenantScope, { after }: z.output<typeof followSla.payload>): Promise<void> {
    const { store, promises, jobs, live, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const tickets = await store.openForChange(tx, after, BATCH);
      if (tickets.length === 0) return;
      const moved = await promises.follow(tx, tickets, clock.now());
      await store.setNextBreach(tx, moved);
      for (const { id, client_id: clientId, version } of tickets)
        if (moved.has(id)) live.touch(tx, { clientId, topic: 'ticket', id, version });
      if (tickets.length === BATCH) await jobs.send(tx, followSla, { after: tickets.at(-1)?.id ?? null });
    });
  }
}
