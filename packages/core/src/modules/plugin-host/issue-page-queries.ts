import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ConnectionIssues } from './connection-issue-store.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { IssueView, logLineView } from './connection-view.ts';
import { connectionIdSchema, pluginIssueIdSchema, type PluginHostTables } from './plugin-host-table.ts';

export const listIssuesInput = z.object({
  ...pageInput,
  connectionId: connectionIdSchema.optional(),
  /** Closed ones too. */
  withClosed: z.coerce.boolean().default(false),
});
export const closeIssueInput = z.object({ issueId: pluginIssueIdSchema });
export const listLogInput = z.object({ ...pageInput, connectionId: connectionIdSchema });

interface Deps {
  readonly db: ScopedDb;
  readonly store: ConnectionStore;
  readonly issues: ConnectionIssues;
  readonly audit: AuditTrail;
}

/** Issues and log lines as the console shows them. */
export class IssuePages {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#deps = deps;
  }

  /** Issues, the newest first; open ones only unless asked. */
  async list(scope: TenantScope, input: z.output<typeof listIssuesInput>): Promise<Page<IssueView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query
        .selectFrom('plugin_issue')
        .innerJoin('plugin_connection', (join) =>
          join
            .onRef('plugin_connection.msp_id', '=', 'plugin_issue.msp_id')
            .onRef('plugin_connection.id', '=', 'plugin_issue.connection_id'),
        )
        .selectAll('plugin_issue')
        .select('plugin_connection.name as connection_name');
      if (input.connectionId !== undefined) list = list.where('connection_id', '=', input.connectionId);
      if (!input.withClosed) list = list.where('closed_at', 'is', null);
      if (after !== null)
        list = list.where(
          sql<boolean>`(plugin_issue.raised_at, plugin_issue.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
        );
      return list
        .orderBy('plugin_issue.raised_at', 'desc')
        .orderBy('plugin_issue.id', 'desc')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toIssueView, (row) => [row.raised_at.toString(), row.id]);
  }

  /** Closes an issue by hand; it opens again when what it tells of is found again. Throws `plugin-host.issue-not-found`. */
  async close(scope: TenantScope, { issueId }: z.output<typeof closeIssueInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const row = await tx.query
        .selectFrom('plugin_issue')
        .selectAll()
        .where('id', '=', issueId)
        .where('closed_at', 'is', null)
        .executeTakeFirst();
      if (row === undefined) throw new NotFoundError('plugin-host.issue-not-found', 'There is no such open issue.');
      await this.#deps.issues.close(tx, {
        connectionId: row.connection_id,
        remoteScopeId: row.remote_scope_id,
        id: row.key,
      });
      await this.#deps.audit.record(tx, {
        action: 'plugin-host.close-issue',
        subject: { kind: 'plugin connection', id: row.connection_id, clientId: row.client_id },
        summary: `Closed the issue “${row.title}”`,
      });
    });
  }

  /** The last lines that the plugin wrote for a connection, the newest first. Throws `plugin-host.connection-not-found`. */
  async log(scope: TenantScope, input: z.output<typeof listLogInput>): Promise<Page<z.input<typeof logLineView>>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 1);
    const rows = await this.#db.transaction(scope, async (tx) => {
      await this.#deps.store.get(tx, input.connectionId);
      let list = tx.query.selectFrom('plugin_log').selectAll().where('connection_id', '=', input.connectionId);
      if (after !== null) list = list.where(sql<boolean>`id < ${after[0]}::uuid`);
      return list
        .orderBy('id', 'desc')
        .limit(input.limit + 1)
        .execute();
    });
    return toPage(rows, input.limit, toLogLine, (row) => [row.id]);
  }
}

export function toIssueView(
  row: Selectable<PluginHostTables['plugin_issue']> & { connection_name: string },
): IssueView {
  return {
    id: row.id,
    connectionId: row.connection_id,
    connectionName: row.connection_name,
    clientId: row.client_id,
    remoteScopeId: row.remote_scope_id,
    key: row.key,
    severity: row.severity,
    title: row.title,
    remedy: row.remedy,
    learnMore: row.learn_more,
    repair: row.repair,
    data: { ...row.data },
    raisedAt: row.raised_at.toString(),
    seenAt: row.seen_at.toString(),
    closedAt: row.closed_at?.toString() ?? null,
  };
}

function toLogLine(row: Selectable<PluginHostTables['plugin_log']>): z.input<typeof logLineView> {
  return {
    id: row.id,
    at: row.at.toString(),
    scope: row.scope,
    call: row.call,
    level: row.level,
    message: row.message,
    fields: { ...row.fields },
  };
}
