import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { alertAcknowledged } from './alert-events.ts';
import type { AlertStore } from './alert-store.ts';
import type { AlertTables } from './alert-table.ts';
import { alertIdSchema } from './alert-view.ts';

export const acknowledgeAlertInput = z.object({ alertId: alertIdSchema });

interface Deps {
  readonly db: ScopedDb;
  readonly store: AlertStore;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Says that a person looks after an alert. */
export class AcknowledgeAlert {
  readonly #db: ScopedDb<AlertTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AlertTables>();
    this.#deps = deps;
  }

  /** Idempotent: the first to acknowledge stays named. Throws `alerts.alert-not-found`, `alerts.already-recovered`. */
  async run(scope: TenantScope, { alertId }: z.output<typeof acknowledgeAlertInput>): Promise<{ version: number }> {
    const { store, audit, jobs, live, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const alert = await store.forChange(tx, alertId);
      if (alert.state === 'recovered')
        throw new ConflictError(
          'alerts.already-recovered',
          'This alert has recovered; there is nothing left to acknowledge.',
        );
      if (alert.state === 'acknowledged') return { version: alert.version };
      const at = clock.now();
      const version = await store.update(tx, alert, {
        state: 'acknowledged',
        acknowledged_at: at,
        acknowledged_by: scope.actor.label,
      });
      await store.addEvent(tx, alert, { kind: 'acknowledged', at, message: `Acknowledged by ${scope.actor.label}` });
      await audit.record(tx, {
        action: 'alerts.acknowledge-alert',
        subject: { kind: 'alert', id: alertId, clientId: alert.client_id },
        summary: `Acknowledged the alert ${alert.title}`,
      });
      const about = { aggregateId: alertId, version };
      await jobs.publish(tx, alertAcknowledged, about, { alertId, clientId: alert.client_id });
      live.touch(tx, { clientId: alert.client_id, topic: 'alert', id: alertId, version });
      return { version };
    });
  }
}
