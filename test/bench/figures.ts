/** One measured figure; `ratio` is value / baseline, null where there is nothing to compare with. */
export interface Figure {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number | null;
  readonly ratio: number | null;
}

/** Prints a figure as one line of JSON on standard output, which carries nothing else. */
export function report(figure: Omit<Figure, 'ratio' | 'baseline'> & { readonly baseline?: number }): void {
  const baseline = figure.baseline ?? null;
  const ratio = baseline === null || baseline === 0 ? null : figure.value / baseline;
  const { bench, metric, unit } = figure;
  process.stdout.write(
    `${JSON.stringify({ bench, metric, value: rounded(figure.value), unit, baseline: rounded(baseline), ratio: rounded(ratio) })}\n`,
  );
}

function rounded<Value extends number | null>(value: Value): Value {
  return (value === null ? null : Number(value.toPrecision(4))) as Value;
}

/** Says on standard error what takes its time. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The value that a share of all values does not exceed: 0.99 for p99. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** How often a second `work` runs, on so many lanes for so long. */
export async function throughput(
  work: (turn: number) => Promise<unknown>,
  options: { lanes: number; durationMs: number },
): Promise<number> {
  let turn = 0;
  const startMs = performance.now();
  const endMs = startMs + options.durationMs;
  const lane = async (): Promise<void> => {
    while (performance.now() < endMs) await work(turn++);
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  return turn / ((performance.now() - startMs) / 1000);
}

/**
 * Compares two ways of doing the same by turns, so that both see the same machine: what else runs on it slows both. Answers the medians of the
 * rounds, the baseline's scaled so that their ratio is the median of the ratios.
 */
export async function compare(
  ours: (turn: number) => Promise<unknown>,
  raw: (turn: number) => Promise<unknown>,
  options: { lanes: number; roundMs: number; rounds: number },
): Promise<{ value: number; baseline: number }> {
  const round = { lanes: options.lanes, durationMs: options.roundMs };
  await throughput(raw, { ...round, durationMs: options.roundMs / 2 });
  await throughput(ours, { ...round, durationMs: options.roundMs / 2 });
  const values: number[] = [];
  const ratios: number[] = [];
  for (let index = 0; index < options.rounds; index += 1) {
    const baseline = await throughput(raw, round);
    const value = await throughput(ours, round);
    values.push(value);
    ratios.push(value / baseline);
  }
  const value = median(values);
  return { value, baseline: value / median(ratios) };
}
