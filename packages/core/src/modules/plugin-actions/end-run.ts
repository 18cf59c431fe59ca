import type { ActionResult } from '@bailiwick/sdk';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ConnectionIssues } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { ActionRunId, PluginActionTables } from './actions-table.ts';
import type { RunRow, RunStore } from './run-store.ts';

/** How a run ended. */
export interface RunEnd {
  readonly state: 'done' | 'partly-done' | 'failed' | 'unknown' | 'stale';
  readonly message: string;
  readonly failure?: string;
  readonly result?: ActionResult;
  readonly verification?: { readonly holds: boolean; readonly detail?: string };
}

interface Deps {
  readonly db: ScopedDb;
  readonly store: RunStore;
  readonly issues: ConnectionIssues;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Writes down how an action ended: with its audit entry, and with an issue where nobody knows whether it was done. */
export class EndRun {
  readonly #db: ScopedDb<PluginActionTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginActionTables>();
    this.#deps = deps;
  }

  /** Nothing happens to a run that has ended. */
  async run(scope: TenantScope, runId: ActionRunId, end: RunEnd, within?: AnyTransaction): Promise<void> {
    const { store, issues, audit, live, clock } = this.#deps;
    await this.#db.transaction(
      scope,
      async (tx) => {
        const run = await store.forChange(tx, runId);
        if (run.state !== 'running' && run.state !== 'approved' && run.state !== 'unknown') return;
        const version = await store.update(tx, run, {
          state: end.state,
          message: end.message,
          failure: end.failure ?? null,
          ended_at: clock.now(),
          ...(end.result === undefined ? {} : { result: JSON.stringify(end.result) }),
          ...(end.verification === undefined ? {} : { verification: JSON.stringify(end.verification) }),
        });
        await audit.record(tx, {
          action: 'plugin-actions.end-run',
          subject: { kind: 'plugin-action-run', id: run.id, clientId: run.client_id },
          summary: `${SUMMARY[end.state]}: ${run.plan.summary}`,
          after: {
            action: run.action,
            input: run.shown_input,
            requester: run.requester_label,
            state: end.state,
            message: end.message,
          },
        });
        if (end.state === 'unknown')
          await issues.raise(tx, {
            ...unknownIssue(run),
            severity: 'error',
            title: `Nobody knows whether this was done: ${run.plan.summary}`,
            remedy: 'Look at the vendor, then say at the action whether it was done. It is not tried again by itself.',
          });
        live.touch(tx, { clientId: run.client_id, topic: 'plugin-action-run', id: run.id, version });
      },
      within,
    );
  }
}

/** The issue of a run of which nobody knows whether it was done. */
export function unknownIssue(run: Pick<RunRow, 'id' | 'connection_id' | 'scope_id'>) {
  return { connectionId: run.connection_id, remoteScopeId: run.scope_id, id: `unknown-action-${run.id}` };
}

const SUMMARY: Readonly<Record<RunEnd['state'], string>> = {
  done: 'Done',
  'partly-done': 'Partly done',
  failed: 'Failed',
  unknown: 'Ended without an answer',
  stale: 'Not done, for it is no longer what was planned',
};
