import type { StreamDescription } from '../description.ts';
import { CallFailed, type PullCall } from '../invocation.ts';
import type { BatchCounts, NormalBatch, PassResult, StreamStore } from '../stream-store.ts';
import { jsonHash } from './canonical-json.ts';
import { normaliseBatch, type RecordScopes, type RefusedRecord } from './normalise-batch.ts';

/** How much one pass may do before it stops in good order; the next one goes on from the cursor. */
export interface PassBudget {
  /** 100,000 where absent. */
  readonly batches?: number;
  /** 10,000,000 where absent. */
  readonly records?: number;
}

export interface PassInput {
  /** Pulls from the plugin, bound to its connection and scope by whoever runs the pass: `(call) => plugin.pull(call, { binding, services, signal })`. */
  readonly pull: (call: Extract<PullCall, { kind: 'read' }>) => AsyncIterable<unknown>;
  readonly stream: StreamDescription;
  readonly store: StreamStore;
  readonly scopes: RecordScopes;
  readonly budget?: PassBudget;
  /** A person has accepted what an earlier pass held back: sweep, whatever the share. */
  readonly acceptsSweep?: boolean;
}

/** How a pass went. What was written before a failure stays, and the next pass goes on after it. */
export interface PassReport extends PassResult {
  /** `complete`: to its end, and finished. `budget`: stopped in good order. `failed`: see `failure`. */
  readonly end: 'complete' | 'budget' | 'failed';
  readonly failure: CallFailed | null;
}

const KEPT_REFUSALS = 50;
/** More than this share of the live records unseen is held back: sooner the vendor's, or the plugin's, mistake than a mass deletion. */
const MOST_UNSEEN = 0.2;
/** So many batches in a row that this pass has had before: a list that goes round. */
const MOST_REPEATS = 5;

/**
 * Runs one pass of a stream: pulls batch by batch, writes each with its cursor, and only after a clean end of a `full` stream tombstones what was not
 * seen, unless the guard holds it back.
 *
 * @throws what the store throws; whatever the plugin does wrong is in the report
 */
export async function runPass(input: PassInput): Promise<PassReport> {
  const { store, stream } = input;
  const begun = await store.begin();
  const tally = new Tally();
  const end = await readAll(input, begun, tally);
  if (end === 'budget') return { ...tally.result(), heldBack: null, end, failure: null };
  if (end !== 'complete') return { ...tally.result(), heldBack: null, end: 'failed', failure: end };
  const heldBack = stream.mode === 'full' ? await sweep(input, begun, tally) : null;
  await store.finish(begun.generation);
  return { ...tally.result(), heldBack, end: 'complete', failure: null };
}

type Begun = Awaited<ReturnType<StreamStore['begin']>>;

async function readAll(input: PassInput, begun: Begun, tally: Tally): Promise<'complete' | 'budget' | CallFailed> {
  const { pull, stream, store, scopes, budget = {} } = input;
  const { batches = 100_000, records = 10_000_000 } = budget;
  const repeats = new RepeatWatch();
  try {
    for await (const yielded of pull({ kind: 'read', name: stream.name, cursor: begun.cursor })) {
      const { batch, refused } = normaliseBatch(stream, yielded, scopes);
      if (repeats.goesRound(batch))
        return new CallFailed(
          'VendorBug',
          `${stream.label}: the list goes round, the same pages come again and again.`,
        );
      tally.refuse(refused, batch.seen.length);
      tally.add(await store.write(batch, begun.generation), batch);
      if (tally.batches >= batches || tally.records >= records) return 'budget';
    }
    return 'complete';
  } catch (error) {
    if (error instanceof CallFailed) return error;
    throw error;
  }
}

async function sweep(input: PassInput, begun: Begun, tally: Tally): Promise<PassResult['heldBack']> {
  const { store, stream, acceptsSweep = false } = input;
  // Whose record was refused without a readable id, nobody knows: it may be any of those that look gone.
  if (tally.hasUnknown) return null;
  const unseen = await store.countUnseen(begun.generation);
  if (unseen === 0) return null;
  const live = Math.max(begun.liveCount, unseen);
  const isExpected = acceptsSweep || stream.comesAndGoes === true;
  if (!isExpected && unseen > live * MOST_UNSEEN) return { unseen, live };
  tally.deleted(await store.sweep(begun.generation));
  return null;
}

/** Tells a list that goes round: batches that this pass has had before, one after another, also where a vendor counts its pages on and on. Empty ones say nothing. */
class RepeatWatch {
  readonly #had = new Set<string>();
  #inARow = 0;

  goesRound(batch: NormalBatch): boolean {
    const records = batch.upserts.map(({ scope, id, hash }) => [scope, id, hash]);
    const others = [...batch.deletes, ...batch.seen].map(({ scope, id }) => [scope, id]);
    const isEmpty = records.length + others.length === 0;
    if (isEmpty && !batch.hasCursor) return false;
    const digest = jsonHash(isEmpty ? [batch.cursor ?? null] : [records, others]);
    this.#inARow = this.#had.has(digest) ? this.#inARow + 1 : 0;
    this.#had.add(digest);
    return this.#inARow >= MOST_REPEATS;
  }
}

class Tally {
  batches = 0;
  records = 0;
  #counts: BatchCounts = { added: 0, changed: 0, unchanged: 0, deleted: 0 };
  #refused: RefusedRecord[] = [];
  #refusedCount = 0;

  add(counts: BatchCounts, batch: NormalBatch): void {
    this.batches += 1;
    this.records += batch.upserts.length + batch.deletes.length;
    this.#counts = {
      added: this.#counts.added + counts.added,
      changed: this.#counts.changed + counts.changed,
      unchanged: this.#counts.unchanged + counts.unchanged,
      deleted: this.#counts.deleted + counts.deleted,
    };
  }

  deleted(count: number): void {
    this.#counts = { ...this.#counts, deleted: this.#counts.deleted + count };
  }

  /** True where a record was refused that cannot be told by its id. */
  hasUnknown = false;

  refuse(refused: readonly RefusedRecord[], known: number): void {
    if (refused.length > known) this.hasUnknown = true;
    this.#refusedCount += refused.length;
    this.#refused.push(...refused.slice(0, KEPT_REFUSALS - this.#refused.length));
  }

  result(): Omit<PassResult, 'heldBack'> {
    return {
      ...this.#counts,
      batches: this.batches,
      refused: [...this.#refused],
      refusedCount: this.#refusedCount,
    };
  }
}
