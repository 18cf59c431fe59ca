import { AppendSamples } from '../../packages/core/src/modules/monitoring/append-samples.ts';
import { decodeSamples } from '../../packages/core/src/modules/monitoring/sample-codec.ts';
import { SealReports } from '../../packages/core/src/modules/monitoring/seal-reports.ts';
import { MetricQueries } from '../../packages/core/src/modules/monitoring/metric-queries.ts';
import { openPool } from '../../packages/core/src/platform/db/pool.ts';
import { startBenchDatabase } from './bench-database.ts';
import { median, progress, report, throughput } from './figures.ts';
import { fillFleet, openBenchPlatform, type BenchPlatform, type Fleet } from './monitored-machines.ts';
import { SERVER_SERIES, serverValues } from './server-series.ts';

const BENCH = 'metric-ingest';
const MACHINES = 400;
/** As many as a server’s pool has for agents; commits share their syncs. */
const LANES = 16;
const ROUNDS = 5;
const ROUND_MS = 4000;
/** Rows of one raw insert: larger ones are no faster here. */
const RAW_ROWS = 5000;
/** What an agent that was offline for ten minutes sends in one request. */
const BACKLOG = 20;

/**
 * Samples a second that are stored as an agent's are (checked, judged, committed, readable at once), beside a bare table with a row for each sample filled by
 * multi-row inserts from one connection.
 */
export async function benchMetricIngest(): Promise<void> {
  await using database = await startBenchDatabase();
  await using platform = await openBenchPlatform(database, LANES);
  const fleet = await fillFleet(database.superuserUrl, MACHINES);
  const raw = openPool(database.superuserUrl, { max: 1 });
  try {
    await raw.query('create table raw_sample (asset_id uuid, series integer, at timestamptz, value float8)');
    const feed = new Feed(platform, fleet);
    await feed.warmUp();
    const single: number[] = [];
    const backlog: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      progress(`${BENCH}: round ${round + 1} of ${ROUNDS} …`);
      bare.push(
        RAW_ROWS * (await throughput((turn) => raw.query(RAW, rawRows(turn)), { lanes: 1, durationMs: ROUND_MS })),
      );
      backlog.push(
        BACKLOG *
          SERVER_SERIES.length *
          (await throughput(() => feed.send(BACKLOG), { lanes: LANES, durationMs: ROUND_MS })),
      );
      single.push(
        SERVER_SERIES.length * (await throughput(() => feed.send(1), { lanes: LANES, durationMs: ROUND_MS })),
      );
    }
    await feed.expectReadable();
    const baseline = median(bare);
    report({ bench: BENCH, metric: 'samples-in-backlogs', value: median(backlog), unit: 'samples/s', baseline });
    report({ bench: BENCH, metric: 'samples-report-by-report', value: median(single), unit: 'samples/s', baseline });
    await benchStorage(platform, fleet, raw);
  } finally {
    await raw.end();
  }
}

const RAW = 'insert into raw_sample select * from unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::float8[])';

function rawRows(turn: number): unknown[] {
  const values = serverValues(turn);
  const indexes = Array.from({ length: RAW_ROWS }, (_, index) => index);
  const at = Temporal.Now.instant().toString();
  return [
    indexes.map(() => '018f0000-0000-7000-8000-000000000000'),
    indexes.map((index) => index % values.length),
    indexes.map(() => at),
    indexes.map((index) => values[index % values.length]),
  ];
}

/** Sends reports of one machine after the other, each machine's in the order of its clock. */
class Feed {
  readonly #append: AppendSamples;
  readonly #platform: BenchPlatform;
  readonly #fleet: Fleet;
  readonly #sent: number[];
  /** A week ago, so that a backlog never reaches into the future. */
  readonly #start = Temporal.Now.instant().subtract({ hours: 168 });
  #turn = 0;

  constructor(platform: BenchPlatform, fleet: Fleet) {
    this.#platform = platform;
    this.#fleet = fleet;
    this.#append = platform.container.resolve(AppendSamples);
    this.#sent = fleet.machines.map(() => 0);
  }

  async send(count: number): Promise<void> {
    const index = this.#turn++ % this.#fleet.machines.length;
    const machine = this.#fleet.machines[index];
    const from = this.#sent[index] ?? 0;
    if (machine === undefined) throw new RangeError('A fleet has machines.');
    this.#sent[index] = from + count;
    const reports = Array.from({ length: count }, (_, n) => ({
      sequence: from + n + 1,
      at: this.#start.add({ seconds: (from + n) * 30 }),
      series: SERVER_SERIES,
      values: serverValues(from + n),
    }));
    const { stored } = await this.#append.run(this.#fleet.scope, { ...machine, reports });
    if (stored !== count) throw new Error(`${stored} of ${count} reports were stored.`);
  }

  /** Every machine names its series once; a fleet does so once in its life. */
  async warmUp(): Promise<void> {
    for (let index = 0; index < this.#fleet.machines.length; index += 1) await this.send(1);
  }

  /** What was accepted can be read: a chart of the first machine has as many points as were sent. */
  async expectReadable(): Promise<void> {
    const [machine] = this.#fleet.machines;
    const sent = this.#sent[0] ?? 0;
    if (machine === undefined) throw new RangeError('A fleet has machines.');
    const to = this.#start.add({ seconds: Math.min(sent, 700) * 30 });
    const range = { assetId: machine.assetId, series: ['cpu.usage_percent'], from: this.#start, to };
    const read = await this.#platform.container.resolve(MetricQueries).range(this.#fleet.scope, range);
    const points = read.series[0]?.mean.filter((value) => value !== null).length ?? 0;
    if (points !== Math.min(sent, 700)) throw new Error(`${points} of ${Math.min(sent, 700)} samples can be read.`);
  }
}

/** Bytes a sample, as reports and sealed, table and indexes together; and how fast hours are sealed and read. */
async function benchStorage(
  { container }: BenchPlatform,
  fleet: Fleet,
  raw: ReturnType<typeof openPool>,
): Promise<void> {
  const size = async (table: string): Promise<number> =>
    Number(
      (await raw.query<{ size: number }>('select pg_total_relation_size($1::regclass)::float8 as size', [table]))
        .rows[0]?.size,
    );
  const stored = await raw.query<{ samples: number }>(
    'select sum(cardinality(value))::float8 as samples from metric_report',
  );
  const samples = stored.rows[0]?.samples ?? 0;
  const bare = await raw.query<{ samples: number }>('select count(*)::float8 as samples from raw_sample');
  const baseline = (await size('raw_sample')) / (bare.rows[0]?.samples ?? 1);
  report({
    bench: BENCH,
    metric: 'bytes-a-sample-as-reports',
    value: (await size('metric_report')) / samples,
    unit: 'bytes',
    baseline,
  });
  progress(`${BENCH}: sealing …`);
  const startMs = performance.now();
  const sealed = await container.resolve(SealReports).run(fleet.scope);
  report({
    bench: BENCH,
    metric: 'samples-sealed',
    value: sealed.samples / ((performance.now() - startMs) / 1000),
    unit: 'samples/s',
  });
  const blocks = await raw.query<{ samples: number; full: number }>(
    'select sum(count)::float8 as samples, percentile_cont(0.5) within group (order by count) as full from metric_block',
  );
  report({
    bench: BENCH,
    metric: 'bytes-a-sample-sealed',
    value: (await size('metric_block')) / (blocks.rows[0]?.samples ?? 1),
    unit: 'bytes',
    baseline,
  });
  const { rows } = await raw.query<{ samples: Buffer }>(
    'select samples from metric_block order by count desc limit 1000',
  );
  const decodeMs = performance.now();
  const decoded = rows.reduce((sum, row) => sum + decodeSamples(row.samples).values.length, 0);
  report({
    bench: BENCH,
    metric: 'samples-decoded',
    value: decoded / ((performance.now() - decodeMs) / 1000),
    unit: 'samples/s',
  });
}
