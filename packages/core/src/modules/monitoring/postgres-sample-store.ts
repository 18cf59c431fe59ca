import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { MonitoringTables } from './monitoring-table.ts';
import { HOUR_MS, mergeBuckets, type Bucket } from './rollup.ts';
import { decodeSamples } from './sample-codec.ts';
import type { Appended, RangeQuery, Report, SampleStore, SeriesEntry, Stream } from './sample-store.ts';
import type { SeriesCatalogue } from './series-catalogue.ts';

/**
 * Samples in PostgreSQL. A report is one row with two arrays (`metric_report`); once an hour is over, its reports become one compressed block for each
 * series (`metric_block`, format in sample-codec.ts), which also carries the hour's roll-up and keeps it when the samples have expired. Five-minute
 * buckets are made from blocks as they are read: 120 samples decode in some 10 µs, which is less than fetching them stored would cost.
 */
export class PostgresSampleStore implements SampleStore {
  readonly #db: ScopedDb<MonitoringTables>;
  readonly #catalogue: SeriesCatalogue;

  constructor(deps: { db: ScopedDb; catalogue: SeriesCatalogue }) {
    this.#db = deps.db.typed<MonitoringTables>();
    this.#catalogue = deps.catalogue;
  }

  async append(
    tx: AnyTransaction,
    stream: Stream,
    reports: readonly Report[],
    receivedAt: Temporal.Instant,
  ): Promise<Appended> {
    const [only] = reports;
    if (only === undefined) return { fresh: [], reachedBefore: null };
    const texts = reports.length === 1 ? only.series : new Set(reports.flatMap((report) => report.series));
    const numbers = await this.#catalogue.numbers(tx, stream, texts, receivedAt);
    const rows = await tx.sql<{ sequence: number | null; reached: Temporal.Instant | null }>(APPEND, [
      tx.scope.mspId,
      stream.clientId,
      stream.assetId,
      stream.epoch,
      receivedAt,
      reports.map((report) => report.at.toString()),
      reports.map((report) => report.sequence),
      reports.map((report) => `{${report.series.map((text) => numbers.get(text)).join(',')}}`),
      reports.map((report) => `{${report.values.join(',')}}`),
      shortName(stream.epoch),
    ]);
    const fresh = new Set(rows.map((row) => row.sequence));
    return {
      fresh: fresh.size === reports.length ? reports : reports.filter((report) => fresh.has(report.sequence)),
      reachedBefore: rows[0]?.reached ?? null,
    };
  }

  async range(scope: TenantScope, query: RangeQuery): Promise<Map<string, Bucket[]>> {
    const { assetId, series, from, to, resolution } = query;
    const isHourly = resolution !== 'samples' && resolution % HOUR_MS === 0;
    const rows = await this.#db.transaction(scope, (tx) =>
      // One statement, so one snapshot: an hour that is sealed meanwhile is seen as reports or as blocks, never as both or neither.
      tx.sql<RangeRow>(RANGE, [scope.mspId, assetId, series, floorToHour(from), from, to, isHourly]),
    );
    const found = new Map<string, Bucket[]>(series.map((text) => [text, []]));
    for (const row of rows) {
      const into = found.get(row.series);
      if (row.samples === null)
        into?.push({ atMs: row.at_ms, min: row.minimum, max: row.maximum, mean: row.mean, count: row.count });
      else into?.push(...samplesOf(row.samples));
    }
    for (const [text, buckets] of found) {
      const inside = buckets.filter((bucket) => isInside(bucket, query));
      found.set(
        text,
        resolution === 'samples' ? inside.toSorted((a, b) => a.atMs - b.atMs) : mergeBuckets(inside, resolution),
      );
    }
    return found;
  }

  async series(scope: TenantScope, assetId: AssetId): Promise<SeriesEntry[]> {
    return this.#db.read(scope, (q) =>
      q
        .selectFrom('metric_series')
        .select(['series', 'name', 'labels', 'unit'])
        .where('asset_id', '=', assetId)
        .orderBy('series'),
    );
  }
}

/**
 * One statement, so that a report is one round trip: locks the stream, leaves out what it has passed already, stores the rest, moves the stream on. The
 * primary key of `metric_report` catches what two first reports of a new stream could slip past the lock.
 */
const APPEND = `
  with passed as (
    select sequence from metric_stream where msp_id = $1 and asset_id = $3 and epoch = $4 for update
  ), reached as (
    select max(last_at) as at from metric_stream where msp_id = $1 and asset_id = $3
  ), fresh as (
    select r.* from unnest($6::timestamptz[], $7::bigint[], $8::text[], $9::text[]) as r (at, sequence, series, value)
    where r.sequence > coalesce((select sequence from passed), 0)
  ), stored as (
    insert into metric_report (msp_id, client_id, asset_id, at, stream, sequence, series, value)
    select $1, $2, $3, at, $10::integer, sequence, series::smallint[], value::float8[] from fresh
    on conflict do nothing returning at, sequence
  ), moved as (
    insert into metric_stream (msp_id, client_id, asset_id, epoch, sequence, last_at, received_at)
    select $1, $2, $3, $4, max(sequence), max(at), $5 from stored having count(*) > 0
    on conflict (msp_id, asset_id, epoch) do update set sequence = greatest(metric_stream.sequence, excluded.sequence),
      last_at = greatest(metric_stream.last_at, excluded.last_at), received_at = excluded.received_at, is_watched = true
  )
  select stored.sequence, reached.at as reached from reached left join stored on true`;

interface RangeRow {
  series: string;
  at_ms: number;
  count: number;
  minimum: number;
  maximum: number;
  mean: number;
  samples: Buffer | null;
}

/** $7 leaves the samples out: a month by the hour must not read them. */
const RANGE = `
  with wanted as (
    select number, series from metric_series where msp_id = $1 and asset_id = $2 and series = any($3::text[])
  )
  select w.series, extract(epoch from b.hour)::float8 * 1000 as at_ms, b.count, b.minimum, b.maximum, b.mean, case when $7 then null else b.samples end as samples
  from wanted w join metric_block b on b.msp_id = $1 and b.asset_id = $2 and b.series = w.number and b.hour >= $4 and b.hour < $6
  union all
  select w.series, round(extract(epoch from r.at) * 1000)::float8, 1, u.value, u.value, u.value, null
  from metric_report r cross join unnest(r.series, r.value) as u (number, value) join wanted w on w.number = u.number
  where r.msp_id = $1 and r.asset_id = $2 and r.at >= $5 and r.at < $6`;

function samplesOf(block: Buffer): Bucket[] {
  const { timesMs, values } = decodeSamples(block);
  return timesMs.map((atMs, index) => {
    const value = values[index] ?? 0;
    return { atMs, min: value, max: value, mean: value, count: 1 };
  });
}

/** A block's roll-up stands for its whole hour, which the range may begin in the middle of. */
function isInside(bucket: Bucket, { from, to, resolution }: RangeQuery): boolean {
  const fromMs =
    resolution === 'samples' ? from.epochMilliseconds : Math.floor(from.epochMilliseconds / resolution) * resolution;
  return bucket.atMs >= fromMs && bucket.atMs < to.epochMilliseconds;
}

/** The beginning of the hour, UTC. */
export function floorToHour(instant: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(instant.epochMilliseconds / HOUR_MS) * HOUR_MS);
}

/** The first 32 bits of an epoch: enough to tell two spools of one machine apart, in every row. */
function shortName(epoch: string): number {
  return Number.parseInt(epoch.slice(0, 8), 16) | 0;
}
