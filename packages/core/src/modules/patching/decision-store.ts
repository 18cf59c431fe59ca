import { newId, type ClientId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { DecisionRow, PatchDecision } from './patch.ts';
import type { PatchTables, PatchUpdateId } from './patch-table.ts';

type Tx = ScopedTransaction<PatchTables>;

/** For whom a decision is made. */
export type DecisionTarget =
  | { readonly level: 'msp' }
  | { readonly level: 'client'; readonly clientId: ClientId }
  | { readonly level: 'asset'; readonly clientId: ClientId; readonly assetId: AssetId };

/** A decision to be kept. */
export interface NewDecision {
  readonly updateIds: readonly PatchUpdateId[];
  readonly decision: PatchDecision;
  readonly reason: string;
  readonly at: Temporal.Instant;
  readonly expiresAt: Temporal.Instant | null;
}

/** The only writer of `patch_decision` and `patch_global_decision`. */
export class DecisionStore {
  /** Keeps decisions; the one before, for the same target, ends and stays as history. */
  async put(tx: Tx, target: DecisionTarget, decision: NewDecision): Promise<void> {
    await this.end(tx, target, decision.updateIds, decision.at);
    const row = {
      decision: decision.decision,
      reason: decision.reason,
      actor_id: tx.scope.actor.id,
      actor_label: tx.scope.actor.label,
      decided_at: decision.at,
      expires_at: decision.expiresAt,
    };
    const rows = decision.updateIds.map((updateId) => ({
      msp_id: tx.scope.mspId,
      id: newId<'patch-decision'>(),
      update_id: updateId,
      ...row,
    }));
    if (target.level === 'msp') await tx.query.insertInto('patch_global_decision').values(rows).execute();
    else {
      const assetId = target.level === 'asset' ? target.assetId : null;
      await tx.query
        .insertInto('patch_decision')
        .values(rows.map((values) => ({ ...values, client_id: target.clientId, asset_id: assetId })))
        .execute();
    }
  }

  /** Ends what stands for a target; says how many did. */
  async end(
    tx: Tx,
    target: DecisionTarget,
    updateIds: readonly PatchUpdateId[],
    at: Temporal.Instant,
  ): Promise<number> {
    if (target.level === 'msp') {
      const ended = await tx.query
        .updateTable('patch_global_decision')
        .set({ ended_at: at })
        .where('update_id', 'in', updateIds)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return Number(ended.numUpdatedRows);
    }
    const base = tx.query
      .updateTable('patch_decision')
      .set({ ended_at: at })
      .where('update_id', 'in', updateIds)
      .where('ended_at', 'is', null)
      .where('client_id', '=', target.clientId);
    const ended = await (
      target.level === 'asset' ? base.where('asset_id', '=', target.assetId) : base.where('asset_id', 'is', null)
    ).executeTakeFirst();
    return Number(ended.numUpdatedRows);
  }

  /** Everything that stands on some updates, for clients in scope. Expired ones are among them. */
  async standing(tx: Tx, updateIds: readonly PatchUpdateId[]): Promise<Map<PatchUpdateId, DecisionRow[]>> {
    if (updateIds.length === 0) return new Map();
    const everywhere = await tx.query
      .selectFrom('patch_global_decision')
      .selectAll()
      .where('update_id', 'in', updateIds)
      .where('ended_at', 'is', null)
      .execute();
    const narrower = await tx.query
      .selectFrom('patch_decision')
      .selectAll()
      .where('update_id', 'in', updateIds)
      .where('ended_at', 'is', null)
      .execute();
    const rows = [
      ...everywhere.map((row) => ({ ...row, client_id: null, asset_id: null, level: 'msp' as const })),
      ...narrower.map((row) => ({ ...row, level: row.asset_id === null ? ('client' as const) : ('asset' as const) })),
    ];
    const found = new Map<PatchUpdateId, DecisionRow[]>();
    for (const row of rows) {
      const decision: DecisionRow = {
        level: row.level,
        clientId: row.client_id,
        assetId: row.asset_id,
        decision: row.decision,
        reason: row.reason,
        actorLabel: row.actor_label,
        decidedAt: row.decided_at,
        expiresAt: row.expires_at,
      };
      found.set(row.update_id, [...(found.get(row.update_id) ?? []), decision]);
    }
    return found;
  }
}
