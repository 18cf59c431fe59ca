import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { SecretBox } from '#platform/secrets/secret-box';
import type { ActionInput, ActionRunId, PluginActionTables, RunState } from './actions-table.ts';

export type RunRow = Selectable<PluginActionTables['plugin_action_run']>;
export type ApprovalRow = Selectable<PluginActionTables['plugin_action_approval']>;
type Tx = ScopedTransaction<PluginActionTables>;

/** The only writer of `plugin_action_run` and its approvals. */
export class RunStore {
  readonly #box: SecretBox;

  constructor(deps: { box: SecretBox }) {
    this.#box = deps.box;
  }

  async insert(
    tx: Tx,
    run: Omit<Insertable<PluginActionTables['plugin_action_run']>, 'sealed_input'>,
    input: ActionInput,
  ): Promise<void> {
    const sealed_input = await this.#box.seal(tx, placeOf(run), JSON.stringify(input));
    await tx.query
      .insertInto('plugin_action_run')
      .values({ ...run, sealed_input })
      .execute();
  }

  /** The input as it was given. */
  async input(tx: AnyTransaction, run: RunRow): Promise<ActionInput> {
    return JSON.parse((await this.#box.open(tx, placeOf(run), run.sealed_input)).toString()) as ActionInput;
  }

  /** The run, locked for a change. Throws `plugin-actions.run-not-found`, also for another tenant's. */
  async forChange(tx: Tx, id: ActionRunId): Promise<RunRow> {
    const row = await tx.query
      .selectFrom('plugin_action_run')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw runNotFound();
    return row;
  }

  /** Changes a run that the caller has locked. */
  async update(
    tx: Tx,
    run: RunRow,
    change: {
      state: RunState;
      is_sent?: boolean;
      attempts?: number;
      result?: string;
      verification?: string;
      failure?: string | null;
      message?: string;
      reason?: string;
      started_at?: Temporal.Instant;
      ended_at?: Temporal.Instant;
    },
  ): Promise<number> {
    const version = run.version + 1;
    await tx.query
      .updateTable('plugin_action_run')
      .set({ ...change, version })
      .where('id', '=', run.id)
      .execute();
    return version;
  }

  async approvals(tx: Tx, id: ActionRunId): Promise<ApprovalRow[]> {
    return tx.query.selectFrom('plugin_action_approval').selectAll().where('run_id', '=', id).orderBy('at').execute();
  }

  /** Writes down what somebody decided. Throws `plugin-actions.decided-before`. */
  async decide(
    tx: Tx,
    run: RunRow,
    decision: { actorId: string; decision: 'approve' | 'reject'; reason: string; at: Temporal.Instant },
  ): Promise<void> {
    const inserted = await tx.query
      .insertInto('plugin_action_approval')
      .values({
        msp_id: run.msp_id,
        id: newId(),
        client_id: run.client_id,
        run_id: run.id,
        actor_id: decision.actorId,
        actor_label: tx.scope.actor.label,
        decision: decision.decision,
        reason: decision.reason,
        at: decision.at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 0n)
      throw new ConflictError('plugin-actions.decided-before', 'You have decided on this before.');
  }

  /** Ends what nobody asked for, or approved, in time. */
  async expire(tx: Tx, now: Temporal.Instant): Promise<number> {
    const result = await tx.query
      .updateTable('plugin_action_run')
      .set((update) => ({ state: 'expired', ended_at: now, version: update('version', '+', 1) }))
      .where('state', '=', sql<never>`any(${['planned', 'waiting']}::text[])`)
      .where('expires_at', '<=', now)
      .executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  /** Runs that were begun so long ago that no worker can still be at them. */
  async abandoned(tx: Tx, startedBefore: Temporal.Instant): Promise<RunRow[]> {
    return tx.query
      .selectFrom('plugin_action_run')
      .selectAll()
      .where('state', '=', 'running')
      .where('started_at', '<', startedBefore)
      .limit(100)
      .forUpdate()
      .skipLocked()
      .execute();
  }
}

function placeOf(run: { id: string; client_id?: RunRow['client_id'] | undefined }) {
  return { clientId: run.client_id ?? null, table: 'plugin_action_run', rowId: run.id };
}

export function runNotFound(): NotFoundError {
  return new NotFoundError('plugin-actions.run-not-found', 'There is no such action.');
}
