import type { Clock } from '#kernel/clock';
import { DomainError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { EvaluateChecks } from './evaluate-checks.ts';
import type { Report, SampleStore, Stream } from './sample-store.ts';
import { SAMPLES_KEPT_DAYS } from './seal-reports.ts';

/** A clock that is off by more is wrong; samples from the future would hide real ones for as long as they lie ahead. */
const MAX_AHEAD = { seconds: 300 };

export interface AppendSamplesInput extends Stream {
  /** In any order; `series[i]` and `values[i]` belong together, values are finite. */
  readonly reports: readonly Report[];
}

export interface AppendSamplesResult {
  /** How many reports were new. */
  readonly stored: number;
  /** Reports that can never be stored, and why. They do not stop the others. */
  readonly refused: readonly { readonly sequence: number; readonly code: string; readonly message: string }[];
}

interface Deps {
  readonly db: ScopedDb;
  readonly samples: SampleStore;
  readonly evaluate: EvaluateChecks;
  readonly clock: Clock;
}

/** Stores what a machine measured, and judges it by the checks that hold for that machine. */
export class AppendSamples {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Idempotent by (asset, epoch, sequence). Late reports are stored and charted, but raise nothing: what they tell of is over. A wrong report is refused
   * by itself: `monitoring.sample-from-future`, `monitoring.sample-too-old`, `monitoring.bad-sample`, `monitoring.too-many-series`.
   */
  async run(scope: TenantScope, input: AppendSamplesInput, within?: AnyTransaction): Promise<AppendSamplesResult> {
    const { db, samples, evaluate, clock } = this.#deps;
    const now = clock.now();
    const refused: AppendSamplesResult['refused'][number][] = [];
    const sound: Report[] = [];
    for (const report of input.reports) {
      const reason = whyRefused(report, now);
      if (reason === null) sound.push(report);
      else refused.push({ sequence: report.sequence, ...reason });
    }
    if (sound.length === 0) return { stored: 0, refused };
    return db.transaction(
      scope,
      async (tx) => {
        try {
          const { fresh, reachedBefore } = await samples.append(tx, input, sound, now);
          const current = fresh.filter(
            (report) => reachedBefore === null || Temporal.Instant.compare(report.at, reachedBefore) > 0,
          );
          await evaluate.judge(tx, input, current);
          return { stored: fresh.length, refused };
        } catch (error) {
          if (!(error instanceof DomainError) || error.code !== 'monitoring.too-many-series') throw error;
          const { code, message } = error;
          return { stored: 0, refused: [...refused, ...sound.map(({ sequence }) => ({ sequence, code, message }))] };
        }
      },
      within,
    );
  }
}

function whyRefused(report: Report, now: Temporal.Instant): { code: string; message: string } | null {
  if (Temporal.Instant.compare(report.at, now.add(MAX_AHEAD)) > 0)
    return {
      code: 'monitoring.sample-from-future',
      message: `at: lies more than ${MAX_AHEAD.seconds} s ahead of the server's clock`,
    };
  if (Temporal.Instant.compare(report.at, now.subtract({ hours: SAMPLES_KEPT_DAYS * 24 })) < 0)
    return {
      code: 'monitoring.sample-too-old',
      message: `at: is older than the ${SAMPLES_KEPT_DAYS} days that samples are kept`,
    };
  if (report.series.length !== report.values.length)
    return { code: 'monitoring.bad-sample', message: 'values: must have one value for each series' };
  if (!report.values.every(Number.isFinite))
    return { code: 'monitoring.bad-sample', message: 'values: must be finite numbers' };
  return null;
}
