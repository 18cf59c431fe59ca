import type { Clock } from '#kernel/clock';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { MonitoringTables } from './monitoring-table.ts';
import { floorToHour } from './postgres-sample-store.ts';
import { HOUR_MS, rollUp } from './rollup.ts';
import { decodeSamples, encodeSamples } from './sample-codec.ts';

/** Reports may be late by this much without their hour being packed twice. */
const GRACE = { minutes: 10 };
/** Some 100,000 samples a transaction: enough to be fast, little enough to be undone cheaply. */
const ASSETS_PER_BATCH = 20;

/** Charts of samples reach back this far; the hour's roll-up is kept for longer. */
export const SAMPLES_KEPT_DAYS = 35;
export const ROLLUPS_KEPT_DAYS = 400;

interface Deps {
  readonly db: ScopedDb;
  readonly clock: Clock;
}

/** Packs the reports of every hour that is over into blocks. A report that comes later joins its hour's block the next time. */
export class SealReports {
  readonly #db: ScopedDb<MonitoringTables>;
  readonly #clock: Clock;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MonitoringTables>();
    this.#clock = deps.clock;
  }

  /** Idempotent: what is sealed is no longer a report. Returns how many samples were sealed. */
  async run(scope: TenantScope): Promise<{ samples: number }> {
    const cutoff = floorToHour(this.#clock.now().subtract(GRACE));
    const assetIds = await this.#assetsWithReports(scope, cutoff);
    let samples = 0;
    for (let from = 0; from < assetIds.length; from += ASSETS_PER_BATCH) {
      const batch = assetIds.slice(from, from + ASSETS_PER_BATCH);
      samples += await this.#db.transaction(scope, (tx) => seal(tx, batch, cutoff));
    }
    return { samples };
  }

  async #assetsWithReports(scope: TenantScope, cutoff: Temporal.Instant): Promise<AssetId[]> {
    const rows = await this.#db.transaction(scope, (tx) =>
      tx.sql<{ asset_id: AssetId }>(
        `select distinct s.asset_id from metric_stream s where s.msp_id = $1
         and exists (select 1 from metric_report r where r.msp_id = $1 and r.asset_id = s.asset_id and r.at < $2)`,
        [scope.mspId, cutoff],
      ),
    );
    return rows.map((row) => row.asset_id);
  }
}

/** Samples of one series in one hour, on their way into a block. */
interface Hour {
  readonly clientId: ClientId;
  readonly assetId: AssetId;
  readonly series: number;
  readonly hourMs: number;
  readonly samples: { readonly atMs: number; readonly value: number }[];
}

async function seal(tx: AnyTransaction, assetIds: readonly AssetId[], cutoff: Temporal.Instant): Promise<number> {
  // Deleting answers exactly the rows that are gone: what arrives meanwhile stays for the next time.
  const reports = await tx.sql<{
    client_id: ClientId;
    asset_id: AssetId;
    at_ms: number;
    series: number[];
    value: number[];
  }>(
    `delete from metric_report where msp_id = $1 and asset_id = any($2::uuid[]) and at < $3
     returning client_id, asset_id, round(extract(epoch from at) * 1000)::float8 as at_ms, series, value`,
    [tx.scope.mspId, assetIds, cutoff],
  );
  const hours = new Map<string, Hour>();
  let count = 0;
  for (const report of reports) {
    const hourMs = Math.floor(report.at_ms / HOUR_MS) * HOUR_MS;
    for (const [index, series] of report.series.entries()) {
      const key = `${report.asset_id}/${series}/${hourMs}`;
      let hour = hours.get(key);
      if (hour === undefined)
        hours.set(key, (hour = { clientId: report.client_id, assetId: report.asset_id, series, hourMs, samples: [] }));
      hour.samples.push({ atMs: report.at_ms, value: report.value[index] ?? 0 });
      count += 1;
    }
  }
  if (hours.size === 0) return 0;
  await addSealed(tx, hours);
  await write(tx, [...hours.values()]);
  return count;
}

/** Late reports: their hour has a block already, whose samples join them. */
async function addSealed(tx: AnyTransaction, hours: ReadonlyMap<string, Hour>): Promise<void> {
  const all = [...hours.values()];
  const rows = await tx.sql<{ asset_id: AssetId; series: number; hour_ms: number; samples: Buffer }>(
    `select b.asset_id, b.series, extract(epoch from b.hour)::float8 * 1000 as hour_ms, b.samples
     from unnest($2::uuid[], $3::smallint[], $4::timestamptz[]) as h (asset_id, series, hour)
     join metric_block b on b.msp_id = $1 and b.asset_id = h.asset_id and b.series = h.series and b.hour = h.hour
     where b.samples is not null for update of b`,
    [tx.scope.mspId, all.map((hour) => hour.assetId), all.map((hour) => hour.series), all.map(beginning)],
  );
  for (const row of rows) {
    const { timesMs, values } = decodeSamples(row.samples);
    const into = hours.get(`${row.asset_id}/${row.series}/${row.hour_ms}`);
    for (const [index, atMs] of timesMs.entries()) into?.samples.push({ atMs, value: values[index] ?? 0 });
  }
}

async function write(tx: AnyTransaction, hours: readonly Hour[]): Promise<void> {
  const blocks = hours.map((hour) => {
    const sorted = hour.samples.toSorted((a, b) => a.atMs - b.atMs);
    const [whole] = rollUp(sorted, HOUR_MS);
    if (whole === undefined) throw new RangeError('An hour without samples cannot be sealed.');
    const bytes = encodeSamples({ timesMs: sorted.map(({ atMs }) => atMs), values: sorted.map(({ value }) => value) });
    return { ...hour, whole, bytes };
  });
  await tx.sql(
    `insert into metric_block (msp_id, client_id, asset_id, series, hour, count, minimum, maximum, mean, samples)
     select $1, * from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::timestamptz[], $6::integer[], $7::float8[], $8::float8[], $9::float8[], $10::bytea[])
     on conflict (msp_id, asset_id, series, hour) do update set count = excluded.count, minimum = excluded.minimum,
       maximum = excluded.maximum, mean = excluded.mean, samples = excluded.samples`,
    [
      tx.scope.mspId,
      blocks.map((block) => block.clientId),
      blocks.map((block) => block.assetId),
      blocks.map((block) => block.series),
      blocks.map(beginning),
      blocks.map((block) => block.whole.count),
      blocks.map((block) => block.whole.min),
      blocks.map((block) => block.whole.max),
      blocks.map((block) => block.whole.mean),
      blocks.map((block) => block.bytes),
    ],
  );
}

function beginning(hour: Hour): string {
  return Temporal.Instant.fromEpochMilliseconds(hour.hourMs).toString();
}

/** Lets go of what is older than it is kept. */
export class ExpireSamples {
  readonly #db: ScopedDb<MonitoringTables>;
  readonly #clock: Clock;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MonitoringTables>();
    this.#clock = deps.clock;
  }

  async run(scope: TenantScope): Promise<void> {
    const now = this.#clock.now();
    const before = (days: number): Temporal.Instant => floorToHour(now.subtract({ hours: days * 24 }));
    await this.#db.transaction(scope, async (tx) => {
      await tx.sql('update metric_block set samples = null where msp_id = $1 and hour < $2 and samples is not null', [
        scope.mspId,
        before(SAMPLES_KEPT_DAYS),
      ]);
      await tx.sql('delete from metric_block where msp_id = $1 and hour < $2', [
        scope.mspId,
        before(ROLLUPS_KEPT_DAYS),
      ]);
    });
  }
}
