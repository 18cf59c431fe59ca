import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { alertRecovered } from './alert-events.ts';
import type { AlertStore } from './alert-store.ts';
import type { AlertId, AlertTables } from './alert-table.ts';
import { digestOf } from './raise-alert.ts';

export interface RecoverAlertInput {
  readonly clientId: ClientId;
  readonly fingerprint: string;
  readonly message: string;
  readonly at: Temporal.Instant;
}

interface Deps {
  readonly db: ScopedDb;
  readonly store: AlertStore;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
}

/** Ends the active alert of a problem that is over. */
export class RecoverAlert {
  readonly #db: ScopedDb<AlertTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AlertTables>();
    this.#deps = deps;
  }

  /** Answers null, and does nothing, where no alert with this fingerprint is active. */
  async run(
    scope: TenantScope,
    input: RecoverAlertInput,
    within?: AnyTransaction,
  ): Promise<{ alertId: AlertId } | null> {
    const { store, jobs, live } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const alert = await store.activeForChange(tx, digestOf(input.clientId, input.fingerprint));
        if (alert === undefined) return null;
        const version = await store.update(tx, alert, { state: 'recovered', recovered_at: input.at });
        await store.addEvent(tx, alert, { kind: 'recovered', at: input.at, message: input.message });
        await jobs.publish(
          tx,
          alertRecovered,
          { aggregateId: alert.id, version },
          { alertId: alert.id, clientId: alert.client_id },
        );
        live.touch(tx, { clientId: alert.client_id, topic: 'alert', id: alert.id, version });
        return { alertId: alert.id };
      },
      within,
    );
  }
}
