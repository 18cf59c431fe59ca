import { sql } from 'kysely';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, isUuid } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Keyset, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema, type AssetId, type AssetQueries } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { DecisionStore } from './decision-store.ts';
import { effectiveDecision, PATCH_DECISIONS, type PatchDecision } from './patch.ts';
import type { PatchTables, PatchUpdateId } from './patch-table.ts';
import type { assetUpdateView, patchStatusView, pendingUpdateView } from './patch-view.ts';

export const listPendingUpdatesInput = z.object({
  ...pageInput,
  clientId: clientIdSchema.optional(),
  isSecurity: z.boolean().optional(),
  decision: z.enum([...PATCH_DECISIONS, 'undecided']).optional(),
  search: text({ max: 100 }).optional(),
});
export const listPatchStatusInput = z.object({
  ...pageInput,
  clientId: clientIdSchema.optional(),
  updateId: z.uuid().optional(),
  isWaitingOnly: z.boolean().default(false),
});
export const assetUpdatesInput = z.object({ assetId: assetIdSchema });

type Tx = ScopedTransaction<PatchTables>;
type PendingUpdate = z.input<typeof pendingUpdateView>;
type Status = z.input<typeof patchStatusView>;

interface UpdateRow {
  readonly id: PatchUpdateId;
  readonly manager: string;
  readonly name: string;
  readonly version: string;
  readonly is_security: boolean;
  readonly origin: string;
  readonly assets: number;
  readonly clients: number;
  readonly waiting_since: Temporal.Instant;
  readonly decision: PatchDecision | null;
  readonly reason: string | null;
  readonly actor_label: string | null;
}

/** Reads what waits, where, and what holds. */
export class PatchQueries {
  readonly #db: ScopedDb<PatchTables>;
  readonly #deps: { assets: AssetQueries; decisions: DecisionStore; clock: Clock };

  constructor(deps: { db: ScopedDb; assets: AssetQueries; decisions: DecisionStore; clock: Clock }) {
    this.#db = deps.db.typed<PatchTables>();
    this.#deps = deps;
  }

  /** Updates that machines wait for: security first, then by how many machines. Throws `page.bad-cursor`. */
  async pendingUpdates(
    scope: TenantScope,
    input: z.output<typeof listPendingUpdatesInput>,
  ): Promise<Page<PendingUpdate>> {
    const after = input.cursor === undefined ? [null, null, null] : readCursor(input.cursor, 3);
    return this.#db.transaction(scope, async (tx) => {
      const rows = await tx.sql<UpdateRow>(PENDING_UPDATES, [
        scope.mspId,
        input.clientId ?? null,
        input.isSecurity ?? null,
        input.search ?? null,
        input.decision ?? null,
        this.#deps.clock.now(),
        ...after,
        input.limit + 1,
      ]);
      const approved = await this.#approvedCounts(
        tx,
        rows.map((row) => row.id),
        input.clientId,
      );
      return toPage(
        rows,
        input.limit,
        (row) => ({
          id: row.id,
          manager: row.manager,
          name: row.name,
          version: row.version,
          isSecurity: row.is_security,
          origin: row.origin,
          assetCount: row.assets,
          clientCount: row.clients,
          waitingSince: row.waiting_since.toString(),
          decision: row.decision,
          reason: row.reason,
          decidedBy: row.actor_label,
          approvedAssetCount: approved.get(row.id) ?? 0,
        }),
        (row) => [row.is_security ? 1 : 0, row.assets, row.id],
      );
    });
  }

  /** Machines by urgency; with `updateId`, those that wait for it. Throws `page.bad-cursor`. */
  async statuses(scope: TenantScope, input: z.output<typeof listPatchStatusInput>): Promise<Page<Status>> {
    const after = input.cursor === undefined ? null : readCursor(input.cursor, 3);
    return this.#db.transaction(scope, async (tx) => {
      let list = tx.query.selectFrom('patch_status as s').selectAll('s');
      if (input.clientId !== undefined) list = list.where('s.client_id', '=', input.clientId);
      if (input.isWaitingOnly) list = list.where('s.pending_count', '>', 0);
      if (input.updateId !== undefined)
        list = list.where(
          sql<boolean>`exists (select 1 from patch_pending p where p.msp_id = s.msp_id and p.asset_id = s.asset_id and p.update_id = ${input.updateId}::uuid)`,
        );
      if (after !== null)
        list = list.where(
          sql<boolean>`(s.security_count, s.pending_count, s.asset_id) < (${after[0]}::int, ${after[1]}::int, ${after[2]}::uuid)`,
        );
      const page = list
        .orderBy('s.security_count', 'desc')
        .orderBy('s.pending_count', 'desc')
        .orderBy('s.asset_id', 'desc');
      const rows = await page.limit(input.limit + 1).execute();
      const names = await this.#names(
        tx,
        rows.map((row) => row.asset_id),
      );
      return toPage(
        rows,
        input.limit,
        (row) => toStatus(row, names.get(row.asset_id) ?? ''),
        (row) => [row.security_count, row.pending_count, row.asset_id],
      );
    });
  }

  /** What one machine waits for, and what holds for each. `status` is null for a machine that has not reported. Throws `patching.asset-not-found`. */
  async ofAsset(
    scope: TenantScope,
    assetId: AssetId,
  ): Promise<{ status: Status | null; updates: z.input<typeof assetUpdateView>[] }> {
    return this.#db.transaction(scope, async (tx) => {
      const [asset] = await this.#deps.assets.byIds(scope, [assetId], tx);
      if (asset === undefined) throw new NotFoundError('patching.asset-not-found', 'There is no such asset.');
      const status = await tx.query
        .selectFrom('patch_status')
        .selectAll()
        .where('asset_id', '=', assetId)
        .executeTakeFirst();
      const rows = await tx.query
        .selectFrom('patch_pending as p')
        .innerJoin('patch_update as u', 'u.id', 'p.update_id')
        .select([
          'u.id',
          'u.name',
          'u.version',
          'u.is_security',
          'u.origin',
          'p.current_version',
          'p.architecture',
          'p.first_seen_at',
        ])
        .where('p.asset_id', '=', assetId)
        .orderBy('u.is_security', 'desc')
        .orderBy('u.name')
        .execute();
      const standing = await this.#deps.decisions.standing(
        tx,
        rows.map((row) => row.id),
      );
      const now = this.#deps.clock.now();
      const updates = rows.map((row) => {
        const { decision, level, by } = effectiveDecision(
          standing.get(row.id) ?? [],
          { clientId: asset.clientId, assetId },
          now,
        );
        return {
          updateId: row.id,
          name: row.name,
          currentVersion: row.current_version,
          version: row.version,
          architecture: row.architecture,
          isSecurity: row.is_security,
          origin: row.origin,
          firstSeenAt: row.first_seen_at.toString(),
          decision,
          level,
          reason: by?.reason ?? null,
          decidedBy: by?.actorLabel ?? null,
          expiresAt: by?.expiresAt?.toString() ?? null,
        };
      });
      return { status: status === undefined ? null : toStatus(status, asset.name), updates };
    });
  }

  async #names(tx: Tx, assetIds: readonly AssetId[]): Promise<Map<AssetId, string>> {
    return new Map((await this.#deps.assets.byIds(tx.scope, assetIds, tx)).map((asset) => [asset.id, asset.name]));
  }

  /** On how many of the machines that wait each update is approved. */
  async #approvedCounts(
    tx: Tx,
    updateIds: readonly PatchUpdateId[],
    clientId: string | undefined,
  ): Promise<Map<PatchUpdateId, number>> {
    const standing = await this.#deps.decisions.standing(tx, updateIds);
    const decided = [...standing.keys()];
    const counts = new Map<PatchUpdateId, number>();
    if (decided.length === 0) return counts;
    let list = tx.query
      .selectFrom('patch_pending')
      .select(['update_id', 'client_id', 'asset_id'])
      .where('update_id', 'in', decided);
    if (clientId !== undefined) list = list.where('client_id', '=', clientId as never);
    const now = this.#deps.clock.now();
    for (const row of await list.execute()) {
      const { decision } = effectiveDecision(
        standing.get(row.update_id) ?? [],
        { clientId: row.client_id, assetId: row.asset_id },
        now,
      );
      if (decision === 'approve') counts.set(row.update_id, (counts.get(row.update_id) ?? 0) + 1);
    }
    return counts;
  }
}

function toStatus(row: PatchTables['patch_status'], assetName: string): Status {
  return {
    assetId: row.asset_id,
    clientId: row.client_id,
    assetName,
    manager: row.manager,
    checkedAt: row.checked_at.toString(),
    listsFetchedAt: row.lists_fetched_at?.toString() ?? null,
    error: row.error,
    isRebootRequired: row.is_reboot_required,
    rebootReasons: row.reboot_reasons,
    pendingCount: row.pending_count,
    securityCount: row.security_count,
  };
}

// What waits is counted first, under the policy, and only then named: a catalogue keeps updates that nobody waits for any more.
const PENDING_UPDATES = `
  with waiting as (
    select p.update_id, count(*)::int as assets, count(distinct p.client_id)::int as clients, min(p.first_seen_at) as waiting_since
    from patch_pending p where p.msp_id = $1 and ($2::uuid is null or p.client_id = $2) group by p.update_id
  )
  select u.id, u.manager, u.name, u.version, u.is_security, u.origin, w.assets, w.clients, w.waiting_since, d.decision, d.reason, d.actor_label
  from waiting w
  join patch_update u on u.msp_id = $1 and u.id = w.update_id
  left join patch_global_decision d on d.msp_id = $1 and d.update_id = u.id and d.ended_at is null and (d.expires_at is null or d.expires_at > $6)
  where ($3::boolean is null or u.is_security = $3)
    and ($4::text is null or strpos(lower(u.name), lower($4)) > 0)
    and ($5::text is null or coalesce(d.decision, 'undecided') = $5)
    and ($7::int is null or (u.is_security::int, w.assets, u.id) < ($7::int, $8::int, $9::uuid))
  order by u.is_security::int desc, w.assets desc, u.id desc
  limit $10`;

/** A cursor of whole numbers with an id at its end. Throws `page.bad-cursor`. */
export function readCursor(cursor: string, length: number): Keyset {
  const keyset = decodeCursor(cursor, length);
  const id = keyset.at(-1);
  const isSound =
    typeof id === 'string' &&
    isUuid(id) &&
    keyset
      .slice(0, -1)
      .every((value) => typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31);
  if (isSound) return keyset;
  throw new InvalidInputError('page.bad-cursor', 'The cursor is not one that this list gave.', {
    fields: [{ path: ['cursor'], message: 'is not a cursor of this list' }],
  });
}
