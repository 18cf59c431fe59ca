import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { AssetTables } from './asset-table.ts';
import type { AssetKey } from './fact-store.ts';
import type { MachineSoftware } from './machine-inventory.ts';

type Tx = ScopedTransaction<AssetTables>;
type Section = AssetTables['asset_report']['section'];

/** What a report of software changed. */
export interface SoftwareChange {
  readonly addedCount: number;
  readonly removedCount: number;
}

/** The only writer of `asset_software` and `asset_report`. */
export class SoftwareStore {
  /** When a section was last reported and what a digest of it was; undefined before the first report. */
  async lastReport(
    tx: Tx,
    { assetId }: AssetKey,
    section: Section,
  ): Promise<{ source: string; digest: string; reportedAt: Temporal.Instant } | undefined> {
    const row = await tx.query
      .selectFrom('asset_report')
      .select(['source', 'digest', 'reported_at'])
      .where('asset_id', '=', assetId)
      .where('section', '=', section)
      .executeTakeFirst();
    return row === undefined ? undefined : { source: row.source, digest: row.digest, reportedAt: row.reported_at };
  }

  async noteReport(
    tx: Tx,
    key: AssetKey,
    report: { section: Section; source: string; digest: string; at: Temporal.Instant; isComplete: boolean },
  ): Promise<void> {
    await tx.query
      .insertInto('asset_report')
      .values({
        msp_id: tx.scope.mspId,
        client_id: key.clientId,
        asset_id: key.assetId,
        section: report.section,
        source: report.source,
        digest: report.digest,
        reported_at: report.at,
        is_complete: report.isComplete,
      })
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'asset_id', 'section']).doUpdateSet({
          source: report.source,
          digest: report.digest,
          reported_at: report.at,
          is_complete: report.isComplete,
        }),
      )
      .execute();
  }

  /**
   * Makes the list of software equal to the report in one statement. Rows that stay as they are are neither written nor locked: `on conflict` alone would lock, and so
   * write, each of them. What is gone was last seen with the report before this one.
   */
  async sync(
    tx: Tx,
    key: AssetKey,
    report: MachineSoftware,
    at: Temporal.Instant,
    previousAt: Temporal.Instant | undefined,
  ): Promise<SoftwareChange> {
    const columns = columnsOf(report.packages);
    const [change] = await tx.sql<{ added: number; removed: number }>(SYNC, [
      tx.scope.mspId,
      key.clientId,
      key.assetId,
      ...columns,
      at,
      previousAt ?? at,
      report.isComplete,
    ]);
    return { addedCount: change?.added ?? 0, removedCount: change?.removed ?? 0 };
  }
}

const SYNC = `
  with given as (
    select distinct on (manager, name, architecture, version) *
    from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::bigint[]) as g (manager, name, architecture, version, publisher, installed_at, size_bytes)
  ), upserted as (
    insert into asset_software (msp_id, client_id, asset_id, manager, name, architecture, version, publisher, installed_at, size_bytes, first_seen_at)
    select $1, $2, $3, g.manager, g.name, g.architecture, g.version, g.publisher, g.installed_at, g.size_bytes, $11
    from given g
    left join asset_software s on s.msp_id = $1 and s.asset_id = $3 and s.manager = g.manager and s.name = g.name and s.architecture = g.architecture and s.version = g.version
    where s.asset_id is null or s.last_seen_at is not null or s.publisher <> g.publisher
    on conflict (msp_id, asset_id, manager, name, architecture, version) do update
      set last_seen_at = null, publisher = excluded.publisher, installed_at = coalesce(excluded.installed_at, asset_software.installed_at), size_bytes = coalesce(excluded.size_bytes, asset_software.size_bytes)
    returning 1
  ), gone as (
    update asset_software s set last_seen_at = $12
    where s.msp_id = $1 and s.client_id = $2 and s.asset_id = $3 and s.last_seen_at is null and $13::boolean
      and not exists (select 1 from given g where g.manager = s.manager and g.name = s.name and g.architecture = s.architecture and g.version = s.version)
    returning 1
  )
  select (select count(*)::int from upserted) as added, (select count(*)::int from gone) as removed`;

function columnsOf(packages: MachineSoftware['packages']): unknown[][] {
  return [
    packages.map((item) => item.manager),
    packages.map((item) => item.name),
    packages.map((item) => item.architecture ?? ''),
    packages.map((item) => item.version),
    packages.map((item) => item.publisher ?? ''),
    packages.map((item) => item.installedAt ?? null),
    packages.map((item) => item.sizeBytes ?? null),
  ];
}
