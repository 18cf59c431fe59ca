import { sql } from 'kysely';
import type { ClientId } from '#kernel/id';
import type { SiteId } from '#modules/tenancy';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { AssetKind } from './asset.ts';
import type { AssetId, AssetTables } from './asset-table.ts';

/** An asset that was active at some moment of a range, and when within it. */
export interface ActiveAsset {
  readonly id: AssetId;
  readonly name: string;
  readonly kind: AssetKind;
  readonly activeFrom: Temporal.Instant;
  /** Null while it still is. */
  readonly activeUntil: Temporal.Instant | null;
}

/** Tells which assets there were at a time gone by. */
export class AssetLifetimeQueries {
  /**
   * Assets of a client (at one site, of some kinds) that were active at any moment from `from` until before `until`, by name. An asset that was archived and brought back
   * is named once, from its first active moment in the range to its last.
   */
  async activeIn(
    tx: AnyTransaction,
    about: {
      clientId: ClientId;
      siteId: SiteId | null;
      /** Empty for all. */
      kinds: readonly string[];
      from: Temporal.Instant;
      until: Temporal.Instant;
    },
  ): Promise<ActiveAsset[]> {
    const { query } = tx.typed<AssetTables>();
    let assets = query
      .selectFrom('asset')
      .select(['id', 'name', 'kind', 'state', 'created_at'])
      .where('client_id', '=', about.clientId)
      .where('created_at', '<', about.until);
    if (about.siteId !== null) assets = assets.where('site_id', '=', about.siteId);
    if (about.kinds.length > 0) assets = assets.where('kind', '=', sql<never>`any(${[...about.kinds]}::text[])`);
    const rows = await assets.orderBy('name_sort').orderBy('id').execute();
    const changes = await query
      .selectFrom('asset_change')
      .select(['asset_id', 'at', sql<string>`after #>> '{}'`.as('state')])
      .where('client_id', '=', about.clientId)
      .where('field', '=', 'state')
      .orderBy('at')
      .orderBy('id')
      .execute();
    const byAsset = Map.groupBy(changes, (change) => change.asset_id);
    return rows.flatMap((row) => {
      const active = activeRange(row.created_at, byAsset.get(row.id) ?? [], about);
      return active === null ? [] : [{ id: row.id, name: row.name, kind: row.kind, ...active }];
    });
  }
}

/** When something that began active, and then changed state, was active within a range; null for never. */
export function activeRange(
  createdAt: Temporal.Instant,
  changes: readonly { readonly at: Temporal.Instant; readonly state: string }[],
  range: { readonly from: Temporal.Instant; readonly until: Temporal.Instant },
): { activeFrom: Temporal.Instant; activeUntil: Temporal.Instant | null } | null {
  let activeFrom: Temporal.Instant | null = null;
  let activeUntil: Temporal.Instant | null = null;
  const moments = [{ at: createdAt, state: 'active' }, ...changes];
  for (const [index, { at, state }] of moments.entries()) {
    const next = moments[index + 1]?.at ?? null;
    const isOver = next !== null && Temporal.Instant.compare(next, range.from) <= 0;
    if (state !== 'active' || isOver || Temporal.Instant.compare(at, range.until) >= 0) continue;
    activeFrom ??= at;
    activeUntil = next;
  }
  return activeFrom === null ? null : { activeFrom, activeUntil };
}
