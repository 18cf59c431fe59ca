import { sql } from 'kysely';
import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import { connectionIdSchema } from '#modules/plugin-host';
import { remoteScopeIdSchema } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import { actionRunIdSchema, RUN_STATES, type ActionRunId, type PluginActionTables } from './actions-table.ts';
import { runNotFound } from './run-store.ts';
import { toApproval, toRunView, type RunView, type runWithApprovalsView } from './run-view.ts';

export const listRunsInput = z.object({
  ...pageInput,
  connectionId: connectionIdSchema.optional(),
  scopeId: remoteScopeIdSchema.optional(),
  clientId: clientIdSchema.optional(),
  states: z.array(z.enum(RUN_STATES)).max(RUN_STATES.length).optional(),
});
export const getRunInput = z.object({ runId: actionRunIdSchema });

/** Reads what was planned, asked for and done. */
export class RunQueries {
  readonly #db: ScopedDb<PluginActionTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<PluginActionTables>();
  }

  /** The latest first. Throws `page.bad-cursor`. */
  async list(scope: TenantScope, input: z.output<typeof listRunsInput>): Promise<Page<RunView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('plugin_action_run').selectAll();
      if (input.connectionId !== undefined) list = list.where('connection_id', '=', input.connectionId);
      if (input.scopeId !== undefined) list = list.where('scope_id', '=', input.scopeId);
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (input.states !== undefined) list = list.where('state', '=', sql<never>`any(${input.states}::text[])`);
      if (after !== null)
        list = list.where(sql<boolean>`(planned_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      return list
        .orderBy('planned_at', 'desc')
        .orderBy('id', 'desc')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toRunView, (row) => [row.planned_at.toString(), row.id]);
  }

  /** One with who decided on it. Throws `plugin-actions.run-not-found`, also for another tenant's. */
  async get(scope: TenantScope, runId: ActionRunId): Promise<z.input<typeof runWithApprovalsView>> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('plugin_action_run').selectAll().where('id', '=', runId),
    );
    if (row === undefined) throw runNotFound();
    const approvals = await this.#db.read(scope, (query) =>
      query.selectFrom('plugin_action_approval').selectAll().where('run_id', '=', runId).orderBy('at').orderBy('id'),
    );
    return { ...toRunView(row), approvals: approvals.map(toApproval) };
  }
}
