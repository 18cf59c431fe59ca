import { sql, type Kysely, type SelectQueryBuilder } from 'kysely';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { InvalidInputError } from '#kernel/errors';
import { clientIdSchema, idSchema, isUuid, type ClientId } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Keyset, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { ASSET_KINDS, ASSET_STATES, ONLINE_WITHIN, type AssetKind } from './asset.ts';
import type { AssetId, AssetTables } from './asset-table.ts';
import { toAssetView, type AssetView } from './asset-view.ts';

/** What narrows a list, a count or an export of assets. */
export const assetFilter = {
  clientId: clientIdSchema.optional(),
  siteId: idSchema('site').optional(),
  kinds: z.array(z.enum(ASSET_KINDS)).max(ASSET_KINDS.length).optional(),
  states: z.array(z.enum(ASSET_STATES)).max(ASSET_STATES.length).default(['active']),
  presence: z.enum(['online', 'offline']).optional(),
  isManaged: z.boolean().optional(),
  search: text({ max: 100 }).optional(),
};
export const listAssetsInput = z.object({
  ...pageInput,
  ...assetFilter,
  sort: z.enum(['name', 'last-seen']).default('name'),
});
export const countAssetsInput = z.object(assetFilter);
export type AssetFilter = z.output<typeof countAssetsInput>;

/** How many assets a filter covers. `byKind` leaves out kinds without any. */
export interface AssetCounts {
  readonly total: number;
  readonly online: number;
  readonly clients: number;
  readonly byKind: Partial<Record<AssetKind, number>>;
}

/** What other modules show of an asset. */
export interface AssetName {
  readonly id: AssetId;
  readonly clientId: ClientId;
  readonly name: string;
  readonly isArchived: boolean;
}

/** More matches than anybody pages through; the list says so by ending. */
const MAX_SEARCH_MATCHES = 5_000;

type Builder = Kysely<AssetTables>;
type Narrowed = SelectQueryBuilder<AssetTables & { a: AssetTables['asset'] }, 'a', object>;

/** Reads assets. */
export class AssetQueries {
  readonly #db: ScopedDb<AssetTables>;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; clock: Clock }) {
    this.#db = deps.db.typed<AssetTables>();
    this.#clock = deps.clock;
  }

  /** Assets by name, or the last seen first. Throws `page.bad-cursor`. */
  async list(scope: TenantScope, input: z.output<typeof listAssetsInput>): Promise<Page<AssetView>> {
    const now = this.#clock.now();
    const after = input.cursor === undefined ? null : readCursor(input.cursor, input.sort);
    const rows = await this.#db.read(scope, (query) =>
      (input.sort === 'name' ? byName(query, input, after, now) : byLastSeen(query, input, after, now)).limit(
        input.limit + 1,
      ),
    );
    return toPage(
      rows,
      input.limit,
      (row) => toAssetView(row, now),
      (row) => [input.sort === 'name' ? row.name_sort : row.seen_key, row.id],
    );
  }

  /** Exact counts for the same filter. */
  async count(scope: TenantScope, input: AssetFilter): Promise<AssetCounts> {
    const now = this.#clock.now();
    const rows = await this.#db.read(scope, (query) =>
      narrowed(query.selectFrom('asset as a'), input)
        .innerJoin('asset_presence as p', 'p.asset_id', 'a.id')
        .$if(input.clientId !== undefined, (counted) => counted.where('p.client_id', '=', input.clientId as ClientId))
        .$if(input.presence !== undefined, (counted) =>
          counted.where('p.last_seen_at', input.presence === 'online' ? '>=' : '<', onlineSince(now)),
        )
        .select([
          'a.kind',
          'a.client_id',
          sql<number>`count(*)::int`.as('total'),
          sql<number>`(count(*) filter (where p.last_seen_at >= ${onlineSince(now)}))::int`.as('online'),
        ])
        .groupBy(['a.kind', 'a.client_id']),
    );
    const byKind: Partial<Record<AssetKind, number>> = {};
    for (const row of rows) byKind[row.kind] = (byKind[row.kind] ?? 0) + row.total;
    const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
    return {
      total: sum((row) => row.total),
      online: sum((row) => row.online),
      clients: new Set(rows.map((row) => row.client_id)).size,
      byKind,
    };
  }

  /** Which clients have active assets with one of these serial numbers, in the form of `usableEvidence`. */
  async clientsBySerial(
    tx: AnyTransaction,
    serials: readonly string[],
  ): Promise<{ serial: string; clientId: ClientId }[]> {
    if (serials.length === 0) return [];
    const rows = await tx
      .typed<AssetTables>()
      .query.selectFrom('asset_evidence as e')
      .innerJoin('asset as a', 'a.id', 'e.asset_id')
      .select(['e.value', 'e.client_id'])
      .distinct()
      .where('e.kind', '=', 'serial-number')
      .where('e.value', '=', sql<never>`any(${serials}::text[])`)
      .where('a.state', '=', 'active')
      .execute();
    return rows.map((row) => ({ serial: row.value, clientId: row.client_id }));
  }

  /** Names and clients of some assets, in no order; those out of scope are left out. For other modules' screens and checks. */
  async byIds(scope: TenantScope, assetIds: readonly AssetId[], within?: AnyTransaction): Promise<AssetName[]> {
    if (assetIds.length === 0) return [];
    const rows = await this.#db.transaction(
      scope,
      (tx) =>
        tx.query
          .selectFrom('asset')
          .select(['id', 'client_id', 'name', 'state'])
          .where('id', '=', sql<never>`any(${assetIds}::uuid[])`)
          .execute(),
      within,
    );
    return rows.map((row) => ({
      id: row.id,
      clientId: row.client_id,
      name: row.name,
      isArchived: row.state === 'archived',
    }));
  }
}

/** What both orders select. The policies make the planner expect few rows of each table, and of a join next to none: it would then sort all instead of walking an index. */
const SEEN = [
  sql<Temporal.Instant | null>`nullif(p.last_seen_at, '-infinity')`.as('last_seen'),
  sql<string>`p.last_seen_at::text`.as('seen_key'),
] as const;

/** Walks `asset` by name; presence is looked up for the rows of the page. */
function byName(query: Builder, filter: AssetFilter, after: Keyset | null, now: Temporal.Instant) {
  let list = narrowed(query.selectFrom('asset as a'), filter);
  if (filter.presence !== undefined) {
    const seen = sql`(select s.last_seen_at from asset_presence s where s.msp_id = a.msp_id and s.asset_id = a.id)`;
    list = list.where(
      filter.presence === 'online'
        ? sql<boolean>`${seen} >= ${onlineSince(now)}`
        : sql<boolean>`${seen} < ${onlineSince(now)}`,
    );
  }
  if (after !== null) list = list.where(sql<boolean>`(a.name_sort, a.id) > (${after[0]}, ${after[1]}::uuid)`);
  return list
    .innerJoinLateral(
      (inner) =>
        inner
          .selectFrom('asset_presence as s')
          .select('s.last_seen_at')
          .whereRef('s.asset_id', '=', 'a.id')
          .offset(0)
          .as('p'),
      (join) => join.onTrue(),
    )
    .selectAll('a')
    .select(SEEN)
    .orderBy('a.name_sort')
    .orderBy('a.id');
}

/** Walks `asset_presence` by time; the asset is looked up and filtered row by row. */
function byLastSeen(query: Builder, filter: AssetFilter, after: Keyset | null, now: Temporal.Instant) {
  let list = query.selectFrom('asset_presence as p');
  if (filter.clientId !== undefined) list = list.where('p.client_id', '=', filter.clientId);
  if (filter.presence !== undefined)
    list = list.where('p.last_seen_at', filter.presence === 'online' ? '>=' : '<', onlineSince(now));
  if (after !== null)
    list = list.where(sql<boolean>`(p.last_seen_at, p.asset_id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return list
    .innerJoinLateral(
      (inner) =>
        narrowed(inner.selectFrom('asset as a'), filter)
          .selectAll('a')
          .whereRef('a.id', '=', 'p.asset_id' as never)
          .offset(0)
          .as('a'),
      (join) => join.onTrue(),
    )
    .selectAll('a')
    .select(SEEN)
    .orderBy('p.last_seen_at', 'desc')
    .orderBy('p.asset_id', 'desc');
}

/** The filters that lie in the asset itself. */
function narrowed<Query>(query: Query, filter: AssetFilter): Query {
  let list = query as Narrowed;
  if (filter.clientId !== undefined) list = list.where('a.client_id', '=', filter.clientId);
  if (filter.siteId !== undefined) list = list.where('a.site_id', '=', filter.siteId as never);
  if (filter.kinds !== undefined) list = list.where('a.kind', '=', sql<never>`any(${filter.kinds}::text[])`);
  if (filter.states.length > 0) list = list.where('a.state', '=', sql<never>`any(${filter.states}::text[])`);
  if (filter.isManaged !== undefined) list = list.where('a.is_managed', '=', filter.isManaged);
  if (filter.search !== undefined)
    list = list.where(
      'a.id',
      'in',
      sql<never>`(select asset_find(${searchPattern(filter.search)}, ${MAX_SEARCH_MATCHES}))`,
    );
  return list as Query;
}

function onlineSince(now: Temporal.Instant): Temporal.Instant {
  return now.subtract(ONLINE_WITHIN);
}

/** The text anywhere, taken literally. */
export function searchPattern(search: string): string {
  return `%${search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

const STORED_TIME = /^(-infinity|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?)$/;

function readCursor(cursor: string, sort: 'name' | 'last-seen'): Keyset {
  const [key, id] = decodeCursor(cursor, 2);
  if (typeof id === 'string' && isUuid(id) && typeof key === 'string' && (sort === 'name' || STORED_TIME.test(key)))
    return [key, id];
  throw new InvalidInputError('page.bad-cursor', 'The cursor is not one that this list gave.', {
    fields: [{ path: ['cursor'], message: 'is not a cursor of this list' }],
  });
}
