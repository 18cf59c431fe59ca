import { createHash } from 'node:crypto';
import { newId, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { CheckId, Severity } from '#modules/monitoring';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { alertRaised } from './alert-events.ts';
import type { AlertStore } from './alert-store.ts';
import type { AlertId, AlertTables } from './alert-table.ts';

export interface RaiseAlertInput {
  readonly clientId: ClientId;
  readonly assetId: AssetId | null;
  readonly checkId: CheckId | null;
  /** Who says so, in kebab case: `monitoring`, `plugin-<name>`. */
  readonly source: string;
  /** What makes two of them the same problem; begins with what the source is about. */
  readonly fingerprint: string;
  readonly title: string;
  readonly message: string;
  /** The series behind it, or an empty text. */
  readonly series: string;
  readonly severity: Severity;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly at: Temporal.Instant;
}

interface Deps {
  readonly db: ScopedDb;
  readonly store: AlertStore;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
}

/** Opens an alert, or counts one more occurrence of the same problem. */
export class RaiseAlert {
  readonly #db: ScopedDb<AlertTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AlertTables>();
    this.#deps = deps;
  }

  /** At most one alert of a fingerprint is active; `isNew` says whether this call opened it. */
  async run(
    scope: TenantScope,
    input: RaiseAlertInput,
    within?: AnyTransaction,
  ): Promise<{ alertId: AlertId; isNew: boolean }> {
    const { store, jobs, live } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const { row, isNew } = await store.open(tx, {
          msp_id: scope.mspId,
          id: newId<'alert'>(),
          client_id: input.clientId,
          asset_id: input.assetId,
          check_id: input.checkId,
          fingerprint: digestOf(input.clientId, input.fingerprint),
          source: input.source,
          title: input.title,
          message: input.message,
          series: input.series,
          severity: input.severity,
          state: 'open',
          value: input.value,
          threshold: input.threshold,
          opened_at: input.at,
          last_seen_at: input.at,
          acknowledged_at: null,
          acknowledged_by: null,
          recovered_at: null,
        });
        await store.addEvent(tx, row, {
          kind: isNew ? 'raised' : 'repeated',
          at: input.at,
          message: input.message,
          value: input.value,
        });
        if (isNew)
          await jobs.publish(
            tx,
            alertRaised,
            { aggregateId: row.id, version: row.version },
            { alertId: row.id, clientId: row.client_id },
          );
        live.touch(tx, { clientId: row.client_id, topic: 'alert', id: row.id, version: row.version });
        return { alertId: row.id, isNew };
      },
      within,
    );
  }
}

/** A fingerprint as it is stored: short whatever its source puts in, and never the same for two clients. */
export function digestOf(clientId: ClientId, fingerprint: string): string {
  return createHash('sha256').update(`${clientId} ${fingerprint}`).digest('base64url').slice(0, 32);
}
