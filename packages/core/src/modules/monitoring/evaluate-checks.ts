import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import { judge, type CheckState, type Sample } from './check.ts';
import type { CheckCache } from './check-cache.ts';
import type { EffectiveCheck } from './check-rules.ts';
import type { CheckStateStore, StateRow } from './check-state-store.ts';
import { breachMessage, recoveryMessage } from './check-words.ts';
import type { BreachSink, WatchedThing } from './monitoring-needs.ts';
import type { MonitoringTables } from './monitoring-table.ts';
import type { Report, Stream } from './sample-store.ts';

/** A state that goes on is written this often at most: enough to see that a series has gone, without a write for each report. */
const STATE_WRITE_MS = 120_000;

interface Deps {
  readonly checks: CheckCache;
  readonly states: CheckStateStore;
  readonly sink: () => BreachSink;
}

type Tx = ScopedTransaction<MonitoringTables>;

/** One series under one check, and the samples to judge it by. */
interface Case {
  readonly check: EffectiveCheck;
  readonly series: string;
  readonly samples: Sample[];
}

/** Judges samples as they come in. What is pending and firing lives in the database, so that a restart forgets nothing. */
export class EvaluateChecks {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Judges new reports of one asset, newer than any judged before. The stream's row, which the caller has locked, keeps two of them apart. */
  async judge(tx: AnyTransaction, stream: Stream, reports: readonly Report[]): Promise<void> {
    if (reports.length === 0) return;
    const typed = tx.typed<MonitoringTables>();
    const checks = await this.#deps.checks.of(tx, stream.clientId);
    const states = new Map(
      (await this.#deps.states.ofAsset(typed, stream.assetId)).map((state) => [
        keyOf(state.check_id, state.series),
        state,
      ]),
    );
    const inOrder = reports.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at));
    for (const one of this.#cases(checks.judging.bind(checks, stream.assetId), inOrder).values())
      await this.#judgeCase(typed, stream, one, states.get(keyOf(one.check.id, one.series)));
    const active = new Map(checks.of(stream.assetId).map((check) => [check.id, check]));
    const lastAt = inOrder.at(-1)?.at;
    for (const state of states.values())
      if (lastAt !== undefined) await this.#settle(typed, stream, state, active.get(state.check_id), lastAt);
  }

  #cases(judging: (series: string) => readonly EffectiveCheck[], reports: readonly Report[]): Map<string, Case> {
    const cases = new Map<string, Case>();
    for (const report of reports) {
      const atMs = report.at.epochMilliseconds;
      for (const [index, series] of report.series.entries())
        for (const check of judging(series)) {
          const key = keyOf(check.id, series);
          let found = cases.get(key);
          if (found === undefined) cases.set(key, (found = { check, series, samples: [] }));
          found.samples.push({ atMs, value: report.values[index] ?? 0 });
        }
    }
    return cases;
  }

  async #judgeCase(tx: Tx, stream: Stream, { check, series, samples }: Case, row: StateRow | undefined): Promise<void> {
    const thing = { clientId: stream.clientId, assetId: stream.assetId, checkId: check.id, series };
    let state: CheckState | null = row === undefined ? null : stateOf(row);
    const before = state;
    let last = samples[0];
    for (const sample of samples) {
      const step = judge(check, state, sample);
      state = step.state;
      last = sample;
      if (step.change !== null) await this.#tell(tx, check, thing, step.change, sample);
    }
    if (last === undefined) return;
    if (state === null) {
      if (before !== null) await this.#deps.states.remove(tx, { asset_id: stream.assetId, check_id: check.id, series });
    } else if (
      before?.phase !== state.phase ||
      before.sinceMs !== state.sinceMs ||
      state.lastAtMs - before.lastAtMs >= STATE_WRITE_MS
    )
      await this.#deps.states.put(tx, toRow(tx, thing, state, last.value));
  }

  async #tell(
    tx: Tx,
    check: EffectiveCheck,
    thing: WatchedThing,
    change: 'raised' | 'recovered',
    { atMs, value }: Sample,
  ): Promise<void> {
    const at = Temporal.Instant.fromEpochMilliseconds(atMs);
    if (change === 'recovered')
      await this.#deps.sink().recovered(tx, { ...thing, at, message: recoveryMessage(check, thing.series, value) });
    else
      await this.#deps.sink().breached(tx, {
        ...thing,
        checkName: check.name,
        severity: check.severity,
        at,
        value,
        threshold: check.threshold,
        message: breachMessage(check, thing.series, value),
      });
  }

  /** Ends what need not go on: silence is over with a report, and a check that was switched off holds nobody any longer. */
  async #settle(
    tx: Tx,
    stream: Stream,
    state: StateRow,
    check: EffectiveCheck | undefined,
    at: Temporal.Instant,
  ): Promise<void> {
    if (check?.kind === 'threshold') return;
    await this.#deps.states.remove(tx, state);
    if (state.phase !== 'firing') return;
    const message = check === undefined ? 'The check was switched off' : 'It reports again';
    const thing = { clientId: stream.clientId, assetId: stream.assetId, checkId: state.check_id, series: state.series };
    await this.#deps.sink().recovered(tx, { ...thing, at, message });
  }
}

function keyOf(checkId: string, series: string): string {
  return `${checkId} ${series}`;
}

/** The last time judged may be newer than what is stored by less than the write interval; the stream's own order makes up for it. */
function stateOf(row: StateRow): CheckState {
  return { phase: row.phase, sinceMs: row.since.epochMilliseconds, lastAtMs: row.last_at.epochMilliseconds };
}

function toRow(tx: Tx, thing: WatchedThing, state: CheckState, value: number): StateRow {
  return {
    msp_id: tx.scope.mspId,
    client_id: thing.clientId,
    asset_id: thing.assetId,
    check_id: thing.checkId,
    series: thing.series,
    phase: state.phase,
    since: Temporal.Instant.fromEpochMilliseconds(state.sinceMs),
    last_at: Temporal.Instant.fromEpochMilliseconds(state.lastAtMs),
    last_value: value,
  };
}
