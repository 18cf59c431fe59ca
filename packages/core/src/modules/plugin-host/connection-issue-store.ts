import type { Json } from '@bailiwick/sdk';
import { sql } from 'kysely';
import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { ConnectionId, IssueRepair, IssueSeverity, PluginHostTables, PluginIssueId } from './plugin-host-table.ts';

/** Something about a connection, or one of its scopes, that a person should know or repair. */
export interface ConnectionIssue {
  readonly connectionId: ConnectionId;
  /** The scope's row in plugin-scopes; null is the connection itself. */
  readonly remoteScopeId: string | null;
  /** Within connection and scope the same id is the same issue. */
  readonly id: string;
  readonly severity: IssueSeverity;
  /** One sentence. */
  readonly title: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
  readonly learnMore?: string | undefined;
  /** The button that the console shows beside it. */
  readonly repair?: IssueRepair | undefined;
  readonly data?: Readonly<Record<string, Json>> | undefined;
}

interface Deps {
  readonly clock: Clock;
  readonly live: LiveHub;
}

/** Raises and closes issues, in the caller's transaction. Both may be called again and again. */
export class ConnectionIssues {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Opens the issue, or brings the open one up to date. Nothing happens where the connection is not in the scope's reach. */
  async raise(within: AnyTransaction, issue: ConnectionIssue): Promise<void> {
    const tx = within.typed<PluginHostTables>();
    const connection = await tx.query
      .selectFrom('plugin_connection')
      .select('client_id')
      .where('id', '=', issue.connectionId)
      .where('state', '<>', 'removed')
      .executeTakeFirst();
    if (connection === undefined) return;
    const now = this.#deps.clock.now();
    const said = {
      severity: issue.severity,
      title: issue.title,
      remedy: issue.remedy ?? null,
      learn_more: issue.learnMore ?? null,
      repair: issue.repair ?? null,
      data: JSON.stringify(issue.data ?? {}),
      seen_at: now,
    };
    await tx.query
      .insertInto('plugin_issue')
      .values({
        msp_id: tx.scope.mspId,
        id: newId() as PluginIssueId,
        client_id: connection.client_id,
        connection_id: issue.connectionId,
        remote_scope_id: issue.remoteScopeId,
        key: issue.id,
        raised_at: now,
        closed_at: null,
        ...said,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['msp_id', 'connection_id', 'remote_scope_id', 'key'])
          .where('closed_at', 'is', null)
          .doUpdateSet(said),
      )
      .execute();
    this.#touch(tx, issue.connectionId, connection.client_id);
  }

  /** Closes the issue where it is open. */
  async close(
    within: AnyTransaction,
    issue: Pick<ConnectionIssue, 'connectionId' | 'remoteScopeId' | 'id'>,
  ): Promise<void> {
    const tx = within.typed<PluginHostTables>();
    const closed = await tx.query
      .updateTable('plugin_issue')
      .set({ closed_at: this.#deps.clock.now() })
      .where('connection_id', '=', issue.connectionId)
      .where(sql<boolean>`remote_scope_id is not distinct from ${issue.remoteScopeId}::uuid`)
      .where('key', '=', issue.id)
      .where('closed_at', 'is', null)
      .returning('client_id')
      .executeTakeFirst();
    if (closed !== undefined) this.#touch(tx, issue.connectionId, closed.client_id);
  }

  #touch(
    tx: AnyTransaction,
    connectionId: ConnectionId,
    clientId: PluginHostTables['plugin_issue']['client_id'],
  ): void {
    this.#deps.live.touch(tx, { clientId, topic: 'plugin-connection', id: connectionId, version: 0 });
  }
}
