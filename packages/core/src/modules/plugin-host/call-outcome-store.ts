import type { Json } from '@bailiwick/sdk';
import type { CallFailed, FailureName } from '@bailiwick/plugin-runtime';
import { sql } from 'kysely';
import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { storable, type CallRecord } from './call-record.ts';
import type { ConnectionIssue, ConnectionIssues } from './connection-issue-store.ts';
import type { Connection } from './connection-queries.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { PluginHostTables } from './plugin-host-table.ts';

/** Lines kept for each connection. */
const KEPT_LINES = 1000;
/** Failures of a kind in a row before a person is asked to look. */
const PATIENCE: Readonly<Partial<Record<FailureName, number>>> = {
  Transient: 5,
  RateLimited: 10,
  TimedOut: 3,
  VendorBug: 3,
  PluginBug: 2,
  SandboxViolation: 1,
};

/** One call that ended. */
export interface EndedCall {
  readonly connection: Connection;
  /** `read:devices`, `check`. */
  readonly kind: string;
  /** The vendor's id of the scope; empty for the connection itself. */
  readonly remote: string;
  readonly remoteScopeId: string | null;
  readonly record: CallRecord;
  /** Null where it succeeded. */
  readonly failure: CallFailed | null;
  /** False where the caller left before the end: what it did not raise may still be. */
  readonly isComplete: boolean;
}

interface Deps {
  readonly store: ConnectionStore;
  readonly issues: ConnectionIssues;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<PluginHostTables>;

/** Writes down how a call ended: counts, lines, issues that it raised, and what its failure asks of a person. The only writer of `plugin_health` and `plugin_log`. */
export class CallOutcome {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async write(tx: Tx, ended: EndedCall): Promise<void> {
    // A connection that was removed meanwhile keeps nothing.
    const rows = await tx.query
      .selectFrom('plugin_connection')
      .select('id')
      .where('id', '=', ended.connection.id)
      .where('state', '<>', 'removed')
      .forShare()
      .execute();
    if (rows.length === 0) return;
    const inRow = await this.#count(tx, ended);
    await this.#writeLines(tx, ended);
    await this.#writeIssues(tx, ended);
    if (ended.failure === null) await this.#recovered(tx, ended);
    else await this.#failed(tx, ended, ended.failure, inRow);
  }

  /** How often this kind of call failed in a row, this time included. */
  async #count(tx: Tx, { connection, kind, failure }: EndedCall): Promise<number> {
    const now = this.#deps.clock.now();
    const isFailure = failure !== null && failure.failure !== 'Aborted';
    const said = isFailure
      ? { failed_at: now, failure: failure.failure, failure_message: storable(failure.message).slice(0, 500) }
      : failure === null
        ? { succeeded_at: now }
        : {};
    const { failures_in_row } = await tx.query
      .insertInto('plugin_health')
      .values({
        msp_id: tx.scope.mspId,
        client_id: connection.clientId,
        connection_id: connection.id,
        kind,
        succeeded_at: null,
        failed_at: null,
        failure: null,
        failure_message: null,
        failures_in_row: isFailure ? 1 : 0,
        calls: 1,
        failures: isFailure ? 1 : 0,
        ...said,
      })
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'connection_id', 'kind']).doUpdateSet({
          ...said,
          calls: sql`plugin_health.calls + 1`,
          failures: sql`plugin_health.failures + ${isFailure ? 1 : 0}`,
          ...(isFailure
            ? { failures_in_row: sql`plugin_health.failures_in_row + 1` }
            : failure === null
              ? { failures_in_row: 0 }
              : {}),
        }),
      )
      .returning('failures_in_row')
      .executeTakeFirstOrThrow();
    return failures_in_row;
  }

  async #writeLines(tx: Tx, { connection, kind, remote, record, failure }: EndedCall): Promise<void> {
    const failed =
      failure === null || failure.failure === 'Aborted'
        ? []
        : [{ level: 'warn' as const, message: `${failure.failure}: ${failure.message}`, fields: {} }];
    const lines = [...record.lines, ...failed];
    if (lines.length === 0) return;
    const at = this.#deps.clock.now();
    await tx.query
      .insertInto('plugin_log')
      .values(
        lines.map(({ level, message, fields }) => ({
          msp_id: tx.scope.mspId,
          id: newId(),
          client_id: connection.clientId,
          connection_id: connection.id,
          at,
          scope: remote,
          call: kind,
          level,
          message: storable(message).slice(0, 1000),
          fields: JSON.stringify(fields),
        })),
      )
      .execute();
    const kept = tx.query
      .selectFrom('plugin_log')
      .select('id')
      .where('connection_id', '=', connection.id)
      .orderBy('id', 'desc')
      .limit(1)
      .offset(KEPT_LINES);
    await tx.query
      .deleteFrom('plugin_log')
      .where('connection_id', '=', connection.id)
      .where('id', '<=', kept)
      .execute();
  }

  /** What the plugin raised in this run; what it raised in the run before and not in this one is over. */
  async #writeIssues(tx: Tx, ended: EndedCall): Promise<void> {
    const { connection, kind, remote, remoteScopeId, record } = ended;
    // Scopes whose row the caller did not name are told apart by the vendor's id.
    const suffix = remoteScopeId === null && remote !== '' ? `@${remote}` : '';
    const raised = record.issues.map((issue) => ({ ...issue, id: `plugin:${issue.id}${suffix}` }));
    const from = `${kind}${suffix}`;
    for (const issue of raised)
      await this.#deps.issues.raise(tx, {
        ...issue,
        connectionId: connection.id,
        remoteScopeId,
        data: { from } satisfies Record<string, Json>,
      });
    if (ended.failure !== null || !ended.isComplete) return;
    const open = await tx.query
      .selectFrom('plugin_issue')
      .select('key')
      .where('connection_id', '=', connection.id)
      .where('closed_at', 'is', null)
      .where(sql<boolean>`remote_scope_id is not distinct from ${remoteScopeId}::uuid`)
      .where(sql<boolean>`data ->> 'from' = ${from}`)
      .execute();
    for (const { key } of open)
      if (!raised.some(({ id }) => id === key))
        await this.#deps.issues.close(tx, { connectionId: connection.id, remoteScopeId, id: key });
  }

  async #recovered(tx: Tx, ended: EndedCall): Promise<void> {
    for (const id of [AUTH_ISSUE, CONFIG_ISSUE, `permission:${ended.kind}`, `failing:${ended.kind}`])
      await this.#deps.issues.close(tx, { ...targetOf(ended), id });
  }

  async #failed(tx: Tx, ended: EndedCall, failure: CallFailed, inRow: number): Promise<void> {
    const issue = issueOf(ended, failure, inRow);
    if (issue !== null) await this.#deps.issues.raise(tx, issue);
    // A credential that all scopes share is refused for all of them: nothing more is tried until a person comes.
    if (failure.failure === 'AuthFailed' && (ended.remote === '' || !isPerScope(ended.connection)))
      await this.#deps.store.note(tx, ended.connection.id, {
        state: 'broken',
        state_reason: storable(failure.message).slice(0, 500),
      });
  }
}

export const AUTH_ISSUE = 'auth-failed';
export const CONFIG_ISSUE = 'config-invalid';

function issueOf(ended: EndedCall, failure: CallFailed, inRow: number): ConnectionIssue | null {
  const { connection, kind } = ended;
  const target = targetOf(ended);
  switch (failure.failure) {
    case 'AuthFailed':
      return {
        ...target,
        id: AUTH_ISSUE,
        severity: 'error',
        title: `${connection.name} refuses its credential: ${failure.message}`,
        remedy: isConsent(connection)
          ? 'Sign in at the vendor again to renew the consent.'
          : 'Enter a credential that is valid, then test the connection.',
        repair: isConsent(connection) ? 'authorize-again' : 're-enter-credential',
      };
    case 'PermissionMissing':
      return {
        ...target,
        id: `permission:${kind}`,
        severity: 'warning',
        title: `${connection.name} may not do this at the vendor: ${failure.message}`,
        remedy:
          failure.details.required === undefined
            ? 'Give the account that permission at the vendor.'
            : `Give the account the permission ${failure.details.required} at the vendor.`,
        data: { kind },
      };
    case 'ConfigInvalid':
      return {
        ...target,
        id: CONFIG_ISSUE,
        severity: 'error',
        title: `${connection.name} is not set up right: ${failure.message}`,
        remedy: 'Correct the connection, then test it.',
        repair: 'edit-connection',
        data: { path: failure.details.path ?? '' },
      };
    default: {
      const patience = PATIENCE[failure.failure];
      if (patience === undefined || inRow < patience) return null;
      return {
        ...target,
        id: `failing:${kind}`,
        severity: failure.failure === 'SandboxViolation' ? 'error' : 'warning',
        title: `${kind} of ${connection.name} failed ${inRow} times in a row: ${failure.message}`,
        remedy: REMEDIES[failure.failure] ?? 'It is tried again by itself.',
        data: { kind, failure: failure.failure },
      };
    }
  }
}

const REMEDIES: Readonly<Partial<Record<FailureName, string>>> = {
  PluginBug:
    'This is a fault of the plugin. Roll it back to the version before, and send its publisher the diagnostics.',
  SandboxViolation: 'The plugin tried what it may not do. Switch it off, and tell its publisher.',
  VendorBug: 'The vendor answers in a form that the plugin does not know. Look for an update of the plugin.',
  RateLimited: 'The vendor allows fewer requests. Lower the limits of the connection, or let it run less often.',
};

function targetOf(ended: EndedCall): Pick<ConnectionIssue, 'connectionId' | 'remoteScopeId'> {
  return { connectionId: ended.connection.id, remoteScopeId: ended.remoteScopeId };
}

/** The scheme that is in force, where the connection type offers several. */
export function schemeOf(connection: Pick<Connection, 'type' | 'config'>) {
  const { auth } = connection.type;
  if (auth.kind !== 'choice') return auth;
  return auth.schemes[String(connection.config[auth.field])] ?? { kind: 'none' as const };
}

export function isConsent(connection: Pick<Connection, 'type' | 'config'>): boolean {
  return schemeOf(connection).kind === 'oauth2-code';
}

function isPerScope(connection: Connection): boolean {
  const scheme = schemeOf(connection);
  if ('perScope' in scheme) return scheme.perScope !== undefined;
  return scheme.kind === 'aws-sigv4' && scheme.assumeRole !== undefined;
}
