import { METRICS, parseSeries } from '@bailiwick/agent-protocol';
import { InvalidInputError } from '#kernel/errors';
import type { AssetId } from '#modules/assets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Stream } from './sample-store.ts';

type Numbers = ReadonlyMap<string, number>;

/** A machine with more than this is broken, or hostile: each series costs memory for as long as the asset is there. */
const MAX_SERIES = 5000;
/** About 5 kB each. */
const MAX_CACHED_ASSETS = 20_000;

/**
 * The numbers that stand for an asset's series in its reports. A number once given never changes, so that it may be remembered by every process; what a
 * transaction gave is remembered only after its commit.
 */
export class SeriesCatalogue {
  readonly #known = new Map<string, Numbers>();

  /** The number of each series, new ones added. Throws `monitoring.too-many-series`. */
  async numbers(
    tx: AnyTransaction,
    stream: Stream,
    series: ReadonlySet<string> | readonly string[],
    at: Temporal.Instant,
  ): Promise<Numbers> {
    const key = `${tx.scope.mspId}${stream.assetId}`;
    const known = this.#known.get(key);
    if (known !== undefined && every(series, (text) => known.has(text))) return known;
    const numbers = await this.#add(tx, stream, [...new Set(series)], at);
    tx.onCommit(() => this.#remember(key, numbers));
    return numbers;
  }

  /** Forgets everything, as a new process does. */
  clear(): void {
    this.#known.clear();
  }

  async #add(tx: AnyTransaction, stream: Stream, series: readonly string[], at: Temporal.Instant): Promise<Numbers> {
    const stored = await storedNumbers(tx, stream.assetId);
    if (series.every((text) => stored.has(text))) return stored;
    // Two reports of one machine must not take the same number. Read again behind the lock.
    await tx.sql('select pg_advisory_xact_lock(hashtextextended($1, 4711))', [stream.assetId]);
    const numbers = await storedNumbers(tx, stream.assetId);
    const missing = series.filter((text) => !numbers.has(text));
    if (numbers.size + missing.length > MAX_SERIES)
      throw new InvalidInputError('monitoring.too-many-series', `An asset can have at most ${MAX_SERIES} series.`, {
        fields: [{ path: ['series'], message: `must not bring the asset to more than ${MAX_SERIES} series` }],
      });
    const first = Math.max(0, ...numbers.values()) + 1;
    const parsed = missing.map((text, index) => ({ text, number: first + index, ...parseSeries(text) }));
    await tx.sql(
      `insert into metric_series (msp_id, client_id, asset_id, number, series, name, labels, unit, first_at)
       select $1, $2, $3, number, series, name, labels, unit, $4
       from unnest($5::smallint[], $6::text[], $7::text[], $8::jsonb[], $9::text[]) as n (number, series, name, labels, unit)`,
      [
        tx.scope.mspId,
        stream.clientId,
        stream.assetId,
        at,
        parsed.map(({ number }) => number),
        missing,
        parsed.map(({ name }) => name),
        parsed.map(({ labels }) => JSON.stringify(labels)),
        parsed.map(({ name }) => unitOf(name)),
      ],
    );
    for (const { text, number } of parsed) numbers.set(text, number);
    return numbers;
  }

  #remember(key: string, numbers: Numbers): void {
    if (this.#known.size >= MAX_CACHED_ASSETS) this.#known.clear();
    this.#known.set(key, numbers);
  }
}

async function storedNumbers(tx: AnyTransaction, assetId: AssetId): Promise<Map<string, number>> {
  const rows = await tx.sql<{ series: string; number: number }>(
    'select series, number from metric_series where msp_id = $1 and asset_id = $2',
    [tx.scope.mspId, assetId],
  );
  return new Map(rows.map((row) => [row.series, row.number]));
}

function unitOf(name: string): string | null {
  return Object.hasOwn(METRICS, name) ? METRICS[name as keyof typeof METRICS].unit : null;
}

function every(texts: Iterable<string>, test: (text: string) => boolean): boolean {
  for (const text of texts) if (!test(text)) return false;
  return true;
}
