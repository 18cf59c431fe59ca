import type { BatchCounts, NormalBatch, NormalRecord, StreamStore } from '@bailiwick/plugin-runtime';
import type { Json } from '@bailiwick/sdk';

interface Kept {
  readonly record: NormalRecord;
  readonly generation: number;
}

/** A stream's records in memory, as PostgreSQL keeps them for the platform. */
export class MemoryStore implements StreamStore {
  readonly #kept = new Map<string, Kept>();
  #cursor: Json | undefined;
  #generation = 0;
  #isUnfinished = false;
  readonly #startsAnew: boolean;
  /** Whether any batch has named a cursor. */
  hasCursor = false;

  /** @param mode of the stream: a `full` one starts from nothing each time */
  constructor(mode: 'full' | 'incremental' | 'live') {
    this.#startsAnew = mode === 'full';
  }

  async begin(): ReturnType<StreamStore['begin']> {
    if (!this.#isUnfinished) this.#generation += 1;
    this.#isUnfinished = true;
    return { cursor: this.#cursor, generation: this.#generation, liveCount: this.#kept.size };
  }

  async write(batch: NormalBatch, generation: number): Promise<BatchCounts> {
    const counts = { added: 0, changed: 0, unchanged: 0, deleted: 0 };
    for (const record of batch.upserts) {
      const before = this.#kept.get(keyOf(record))?.record;
      if (before === undefined) counts.added += 1;
      else if (before.hash === record.hash) counts.unchanged += 1;
      else counts.changed += 1;
      this.#kept.set(keyOf(record), { record, generation });
    }
    for (const one of batch.seen) {
      const before = this.#kept.get(keyOf(one));
      if (before !== undefined) this.#kept.set(keyOf(one), { ...before, generation });
    }
    for (const one of batch.deletes) if (this.#kept.delete(keyOf(one))) counts.deleted += 1;
    if (batch.hasCursor) {
      this.#cursor = batch.cursor;
      this.hasCursor = true;
    }
    return counts;
  }

  async countUnseen(generation: number): Promise<number> {
    return this.#unseen(generation).length;
  }

  async sweep(generation: number): Promise<number> {
    const unseen = this.#unseen(generation);
    for (const key of unseen) this.#kept.delete(key);
    return unseen.length;
  }

  async finish(): Promise<void> {
    this.#isUnfinished = false;
    if (this.#startsAnew) this.#cursor = undefined;
  }

  /** The cursor that the next pass gets. */
  get cursor(): Json | undefined {
    return this.#cursor;
  }

  /** Hands the next pass another cursor. */
  setCursor(cursor: Json): void {
    this.#cursor = cursor;
  }

  /** All live records, in order of scope and id. */
  records(): readonly NormalRecord[] {
    return [...this.#kept.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { record }]) => record);
  }

  /** The records in one text: equal where two stores hold the same. */
  fingerprint(): string {
    return this.records()
      .map(({ scope, id, hash }) => JSON.stringify([scope, id, hash]))
      .join('\n');
  }

  #unseen(generation: number): string[] {
    return [...this.#kept].filter(([, kept]) => kept.generation !== generation).map(([key]) => key);
  }
}

function keyOf({ scope, id }: { readonly scope: string; readonly id: string }): string {
  return JSON.stringify([scope, id]);
}
