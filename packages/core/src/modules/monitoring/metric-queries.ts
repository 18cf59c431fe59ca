import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import { instantSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema, type AssetId } from '#modules/assets';
import { seriesSchema } from '@bailiwick/agent-protocol';
import { resolutionFor, toColumns } from './rollup.ts';
import type { SampleStore, SeriesEntry } from './sample-store.ts';

export const listSeriesInput = z.object({ assetId: assetIdSchema });
export const seriesView = z.object({
  series: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  unit: z.string().nullable(),
});

export const rangeInput = z.object({
  assetId: assetIdSchema,
  series: z
    .array(seriesSchema)
    .min(1, { error: 'must name at least one series' })
    .max(40, { error: 'must name at most 40 series' }),
  from: instantSchema,
  to: instantSchema,
});
const column = z.array(z.number().nullable());
export const rangeView = z.object({
  /** Width of a bucket in seconds; 0 where each point is one sample. */
  stepSeconds: z.int(),
  /** One for each series asked for, in the same order. Times are epoch seconds; a null value is a gap. `min` and `max` are empty where each point is one sample. */
  series: z.array(z.object({ series: z.string(), times: z.array(z.number()), mean: column, min: column, max: column })),
});
export type RangeView = z.input<typeof rangeView>;

const LONGEST_RANGE_DAYS = 400;

/** Reads what machines reported. */
export class MetricQueries {
  readonly #samples: SampleStore;

  constructor(deps: { samples: SampleStore }) {
    this.#samples = deps.samples;
  }

  /** All series of an asset; empty for one that never reported, or is another tenant's. */
  async series(scope: TenantScope, assetId: AssetId): Promise<SeriesEntry[]> {
    return this.#samples.series(scope, assetId);
  }

  /** Columns for a chart, as fine as the range allows. Throws `monitoring.bad-range`. */
  async range(scope: TenantScope, { assetId, series, from, to }: z.output<typeof rangeInput>): Promise<RangeView> {
    const lengthMs = to.epochMilliseconds - from.epochMilliseconds;
    if (lengthMs <= 0 || lengthMs > LONGEST_RANGE_DAYS * 86_400_000)
      throw new InvalidInputError(
        'monitoring.bad-range',
        `A range ends after it begins, and has at most ${LONGEST_RANGE_DAYS} days.`,
        {
          fields: [{ path: ['to'], message: `must lie after from, by at most ${LONGEST_RANGE_DAYS} days` }],
        },
      );
    const resolution = resolutionFor(lengthMs);
    const stepMs = resolution === 'samples' ? 0 : resolution;
    const found = await this.#samples.range(scope, { assetId, series, from, to, resolution });
    return {
      stepSeconds: stepMs / 1000,
      series: series.map((text) => {
        const { timesMs, mean, min, max } = toColumns(found.get(text) ?? [], stepMs);
        const isRolledUp = stepMs > 0;
        return {
          series: text,
          times: timesMs.map((time) => time / 1000),
          mean,
          min: isRolledUp ? min : [],
          max: isRolledUp ? max : [],
        };
      }),
    };
  }
}
