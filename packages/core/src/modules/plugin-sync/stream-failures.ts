import type { FailureName, PassReport } from '@bailiwick/plugin-runtime';
import type { ConnectionIssues, IssueRepair } from '#modules/plugin-host';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { isForPerson, remedyFor } from './pass-outcome.ts';
import type { StreamRow, StreamStateStore } from './stream-state-store.ts';
import type { RunOutcome, SyncTables } from './sync-table.ts';

type Tx = ScopedTransaction<SyncTables>;

/** The same refusal on more than this share of the scopes is the connection's trouble: one issue, not two hundred. */
const SHARE_OF_SCOPES = 0.3;

/** Failures that the account as a whole may have. */
const OF_THE_ACCOUNT: ReadonlySet<string> = new Set(['AuthFailed', 'PermissionMissing', 'ConfigInvalid']);

const REPAIRS: Readonly<Partial<Record<FailureName, IssueRepair>>> = {
  AuthFailed: 're-enter-credential',
  ConfigInvalid: 'edit-connection',
};

/** Turns how a pass ended into issues that a person can act on, and closes those that are over. */
export class StreamFailures {
  readonly #issues: ConnectionIssues;
  readonly #streams: StreamStateStore;

  constructor(deps: { issues: ConnectionIssues; streams: StreamStateStore }) {
    this.#issues = deps.issues;
    this.#streams = deps.streams;
  }

  async judge(
    tx: Tx,
    pass: {
      row: StreamRow;
      report: PassReport;
      outcome: RunOutcome;
      failures: number;
      /** The connection says it itself. */
      isKnown: boolean;
    },
  ): Promise<void> {
    const { row, report, outcome } = pass;
    if (outcome === 'stopped') return;
    const at = { connectionId: row.connection_id, remoteScopeId: row.remote_scope_id };
    if (report.failure === null) {
      await this.#issues.close(tx, { ...at, id: `stream-${row.name}` });
      await this.#issues.close(tx, { ...at, remoteScopeId: null, id: 'account-refused' });
    } else if (!pass.isKnown) await this.#raise(tx, pass, report.failure);
    if (report.heldBack !== null) {
      const { unseen, live } = report.heldBack;
      await this.#issues.raise(tx, {
        ...at,
        id: `held-back-${row.name}`,
        severity: 'error',
        title: `${unseen} of ${live} records of ${row.name} are missing from the vendor's list. None was deleted.`,
        remedy: 'See at the vendor whether they are really gone. If they are, accept the deletion.',
        repair: 'accept-deletion',
        data: { kind: 'held-back', streamId: row.id, unseen, live },
      });
    } else if (report.failure === null) await this.#issues.close(tx, { ...at, id: `held-back-${row.name}` });
    await this.#refusals(tx, row, report);
  }

  async #raise(
    tx: Tx,
    { row, failures }: { row: StreamRow; failures: number },
    failure: NonNullable<PassReport['failure']>,
  ): Promise<void> {
    if (!isForPerson(failure.failure, failures)) return;
    const isOfAccount = OF_THE_ACCOUNT.has(failure.failure) && (await this.#isAccountWide(tx, row, failure.failure));
    await this.#issues.raise(tx, {
      connectionId: row.connection_id,
      remoteScopeId: isOfAccount ? null : row.remote_scope_id,
      id: isOfAccount ? 'account-refused' : `stream-${row.name}`,
      severity: 'error',
      title: failure.message,
      remedy: remedyFor(failure.failure),
      repair: REPAIRS[failure.failure],
      data: { kind: 'failure', failure: failure.failure, stream: row.name },
    });
  }

  async #isAccountWide(tx: Tx, row: StreamRow, failure: string): Promise<boolean> {
    if (row.remote_scope_id === null) return true;
    const { all, failing } = await this.#streams.countFailing(tx, row.connection_id, failure);
    return all > 1 && failing / all > SHARE_OF_SCOPES;
  }

  async #refusals(tx: Tx, row: StreamRow, report: PassReport): Promise<void> {
    const at = { connectionId: row.connection_id, remoteScopeId: row.remote_scope_id, id: `refused-${row.name}` };
    const [first] = report.refused;
    if (first === undefined) {
      if (report.end === 'complete') await this.#issues.close(tx, at);
      return;
    }
    await this.#issues.raise(tx, {
      ...at,
      severity: 'warning',
      title: `${report.refusedCount} records of ${row.name} were not taken. The first: ${first.id || 'without id'}: ${first.reason}`,
      remedy: "What was known of them stays. Report it to the plugin's author.",
      data: { kind: 'refused', refused: report.refused },
    });
  }
}
