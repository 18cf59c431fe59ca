import { parseSeries } from '@bailiwick/agent-protocol';
import type { Selectable } from 'kysely';
import type { AssetId } from '#modules/assets';
import type { Rule, Severity } from './check.ts';
import type { CheckId, MonitoringTables } from './monitoring-table.ts';

export type CheckRow = Selectable<MonitoringTables['monitoring_check']>;
export type OverrideRow = Selectable<MonitoringTables['monitoring_override']>;

/** A check as it holds for one asset. */
export interface EffectiveCheck extends Rule {
  readonly id: CheckId;
  readonly name: string;
  readonly kind: CheckRow['kind'];
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly severity: Severity;
}

/** The MSP's checks and one client's overrides of them: all that decides which check holds for which of its assets. */
export class ClientChecks {
  readonly #checks: readonly CheckRow[];
  readonly #overrides: readonly OverrideRow[];
  readonly #byAsset = new Map<AssetId | null, readonly EffectiveCheck[]>();
  readonly #bySeries = new WeakMap<readonly EffectiveCheck[], Map<string, readonly EffectiveCheck[]>>();

  constructor(checks: readonly CheckRow[], overrides: readonly OverrideRow[]) {
    this.#checks = checks;
    this.#overrides = overrides;
  }

  /** The checks that are on for an asset; its own override wins over the client's, and that over the MSP's. */
  of(assetId: AssetId): readonly EffectiveCheck[] {
    const key = this.#overrides.some((override) => override.asset_id === assetId) ? assetId : null;
    let checks = this.#byAsset.get(key);
    if (checks === undefined) this.#byAsset.set(key, (checks = this.#resolve(key)));
    return checks;
  }

  /** The threshold checks that judge a series of an asset. */
  judging(assetId: AssetId, series: string): readonly EffectiveCheck[] {
    const checks = this.of(assetId);
    let known = this.#bySeries.get(checks);
    if (known === undefined) this.#bySeries.set(checks, (known = new Map()));
    let found = known.get(series);
    if (found === undefined) known.set(series, (found = checks.filter((check) => judges(check, series))));
    return found;
  }

  #resolve(assetId: AssetId | null): readonly EffectiveCheck[] {
    return this.#checks.flatMap((check) => {
      const own = this.#overrides.filter((override) => override.check_id === check.id);
      const override =
        own.find(({ asset_id }) => asset_id !== null && asset_id === assetId) ??
        own.find(({ asset_id }) => asset_id === null);
      return (override?.is_enabled ?? check.is_enabled) ? [effective(check, override)] : [];
    });
  }
}

function effective(check: CheckRow, override: OverrideRow | undefined): EffectiveCheck {
  return {
    id: check.id,
    name: check.name,
    kind: check.kind,
    metric: check.metric,
    labels: check.labels,
    comparison: check.comparison,
    threshold: override?.threshold ?? check.threshold,
    recoverThreshold: override?.recover_threshold ?? override?.threshold ?? check.recover_threshold,
    forSeconds: override?.for_seconds ?? check.for_seconds,
    severity: override?.severity ?? check.severity,
  };
}

/** Whether a threshold check is about a series: the metric's name, and every label that the check names. */
export function judges(check: Pick<EffectiveCheck, 'kind' | 'metric' | 'labels'>, series: string): boolean {
  if (check.kind !== 'threshold') return false;
  const { name, labels } = parseSeries(series);
  return name === check.metric && Object.entries(check.labels).every(([label, value]) => labels[label] === value);
}
