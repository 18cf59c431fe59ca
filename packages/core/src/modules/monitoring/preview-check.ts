import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { clientIdSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema, type AssetId } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { judge, type CheckState, type Rule } from './check.ts';
import { judges } from './check-rules.ts';
import { ruleFields } from './check-view.ts';
import type { MonitoringTables } from './monitoring-table.ts';
import { decodeSamples } from './sample-codec.ts';

export const previewCheckInput = z.object({
  ...ruleFields,
  clientId: clientIdSchema.optional(),
  assetId: assetIdSchema.optional(),
});
export const previewView = z.object({
  days: z.int(),
  fired: z.int(),
  assets: z.int(),
  /** Series that were looked at, of `seriesInAll`. */
  series: z.int(),
  seriesInAll: z.int(),
  byAsset: z.array(z.object({ assetId: assetIdSchema, fired: z.int() })),
});
export type PreviewView = z.input<typeof previewView>;

const DAYS = 7;
const MAX_SERIES = 2000;
const SERIES_PER_READ = 50;

interface Target {
  readonly asset_id: AssetId;
  readonly number: number;
  readonly series: string;
}
interface Stretch {
  asset_id: AssetId;
  series: number;
  at_ms: number;
  minimum: number;
  maximum: number;
  samples: Buffer | null;
}

/** Says how often a check would have fired over the last week, by judging the samples that are stored with the same rules. */
export class PreviewCheck {
  readonly #db: ScopedDb<MonitoringTables>;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; clock: Clock }) {
    this.#db = deps.db.typed<MonitoringTables>();
    this.#clock = deps.clock;
  }

  async run(scope: TenantScope, input: z.output<typeof previewCheckInput>): Promise<PreviewView> {
    const targets = await this.#targets(scope, input);
    const looked = targets.slice(0, MAX_SERIES);
    const byAsset = new Map<AssetId, number>();
    for (let from = 0; from < looked.length; from += SERIES_PER_READ) {
      const batch = looked.slice(from, from + SERIES_PER_READ);
      for (const [target, stretches] of await this.#stretches(scope, batch)) {
        const fired = countFired(input, stretches);
        if (fired > 0) byAsset.set(target.asset_id, (byAsset.get(target.asset_id) ?? 0) + fired);
      }
    }
    const sorted = [...byAsset].map(([assetId, fired]) => ({ assetId, fired })).toSorted((a, b) => b.fired - a.fired);
    return {
      days: DAYS,
      fired: sorted.reduce((sum, { fired }) => sum + fired, 0),
      assets: sorted.length,
      series: looked.length,
      seriesInAll: targets.length,
      byAsset: sorted.slice(0, 50),
    };
  }

  async #targets(scope: TenantScope, input: z.output<typeof previewCheckInput>): Promise<Target[]> {
    const rows = await this.#db.read(scope, (q) => {
      let series = q
        .selectFrom('metric_series')
        .select(['asset_id', 'number', 'series'])
        .where('name', '=', input.metric);
      if (input.clientId !== undefined) series = series.where('client_id', '=', input.clientId);
      if (input.assetId !== undefined) series = series.where('asset_id', '=', input.assetId);
      return series.orderBy('asset_id').orderBy('number');
    });
    return rows.filter((row) => judges({ kind: 'threshold', metric: input.metric, labels: input.labels }, row.series));
  }

  /** Blocks and reports of some series in the order of time. */
  async #stretches(scope: TenantScope, targets: readonly Target[]): Promise<Map<Target, Stretch[]>> {
    const from = this.#clock.now().subtract({ hours: DAYS * 24 });
    const rows = await this.#db.transaction(scope, (tx) =>
      tx.sql<Stretch>(STRETCHES, [
        scope.mspId,
        targets.map((target) => target.asset_id),
        targets.map((target) => target.number),
        from,
      ]),
    );
    const byKey = new Map(targets.map((target) => [`${target.asset_id}/${target.number}`, target]));
    const found = new Map<Target, Stretch[]>();
    for (const row of rows) {
      const target = byKey.get(`${row.asset_id}/${row.series}`);
      if (target === undefined) continue;
      const list = found.get(target) ?? [];
      list.push(row);
      found.set(target, list);
    }
    return found;
  }
}

const STRETCHES = `
  with wanted as (select * from unnest($2::uuid[], $3::smallint[]) as w (asset_id, series))
  select b.asset_id, b.series, extract(epoch from b.hour)::float8 * 1000 as at_ms, b.minimum, b.maximum, b.samples
  from wanted w join metric_block b on b.msp_id = $1 and b.asset_id = w.asset_id and b.series = w.series and b.hour >= $4
  union all
  select r.asset_id, u.number, round(extract(epoch from r.at) * 1000)::float8, u.value, u.value, null
  from (select distinct asset_id from wanted) a join metric_report r on r.msp_id = $1 and r.asset_id = a.asset_id and r.at >= $4
  cross join unnest(r.series, r.value) as u (number, value) join wanted w on w.asset_id = r.asset_id and w.series = u.number
  order by 3`;

function countFired(rule: Rule, stretches: readonly Stretch[]): number {
  let state: CheckState | null = null;
  let fired = 0;
  const feed = (atMs: number, value: number): void => {
    const step = judge(rule, state, { atMs, value });
    state = step.state;
    if (step.change === 'raised') fired += 1;
  };
  for (const stretch of stretches) {
    if (stretch.samples === null) feed(stretch.at_ms, stretch.minimum);
    // Nothing bad in the whole hour, and nothing pending or firing: only then does the hour change nothing.
    else if (
      state !== null ||
      (rule.comparison === 'above' ? stretch.maximum > rule.threshold : stretch.minimum < rule.threshold)
    ) {
      const { timesMs, values } = decodeSamples(stretch.samples);
      for (const [index, atMs] of timesMs.entries()) feed(atMs, values[index] ?? 0);
    }
  }
  return fired;
}
