import { STREAMS, type StreamMark, type StreamName } from '@bailiwick/agent-protocol';
import { readIfThere, replaceFile } from './durable-file.ts';
import type { StateFolder } from './state-folder.ts';
import { StreamSpool, type DroppedEntries, type SpooledEntry } from './stream-spool.ts';

/** About three days of one machine's samples at 30 s. */
export const DEFAULT_SPOOL_BYTES = 64 * 1024 * 1024;

const DURABLE: ReadonlySet<StreamName> = new Set(['order-output', 'order-result']);
const QUEUED: ReadonlySet<StreamName> = new Set(['metrics', 'order-output', 'order-result']);

/** What waits for the server, bounded. When it is full the oldest metrics go first, then output of orders; never their results. */
export class Spool {
  readonly #streams: ReadonlyMap<StreamName, StreamSpool>;
  readonly #droppedFile: string;
  readonly #maxBytes: number;
  #dropped: DroppedEntries | undefined;
  #onAppend: (stream: StreamName) => void = () => {};

  constructor(state: StateFolder, options: { maxBytes?: number } = {}) {
    const folder = state.file('spool');
    this.#maxBytes = options.maxBytes ?? DEFAULT_SPOOL_BYTES;
    this.#droppedFile = state.file('dropped.json');
    this.#dropped = readDropped(this.#droppedFile);
    this.#streams = new Map(
      STREAMS.map((stream) => [
        stream,
        new StreamSpool(folder, stream, {
          kind: QUEUED.has(stream) ? 'queue' : 'latest',
          isDurable: DURABLE.has(stream),
        }),
      ]),
    );
  }

  get bytes(): number {
    let sum = 0;
    for (const stream of this.#streams.values()) sum += stream.bytes;
    return sum;
  }

  /** Called after each append, so that urgent things leave at once. */
  onAppend(listener: (stream: StreamName) => void): void {
    this.#onAppend = listener;
  }

  append(stream: StreamName, at: Temporal.Instant, data: object): void {
    const isMetrics = stream === 'metrics';
    const contents = isMetrics && this.#dropped !== undefined ? { ...data, dropped: this.#dropped } : data;
    this.#of(stream).append(at.toString(), contents);
    if (isMetrics && this.#dropped !== undefined) this.#setDropped(undefined);
    this.#makeRoom();
    this.#onAppend(stream);
  }

  /** What to send next, most urgent first, at most so many entries and bytes (but at least one entry). */
  batch(limits: { entries: number; bytes: number }): SpooledEntry[] {
    // Output and results of orders in the order in which they happened: a result must not overtake the output before it.
    const orders = [
      ...this.#of('order-output').waiting(limits.entries),
      ...this.#of('order-result').waiting(limits.entries),
    ].toSorted(byTime);
    const candidates = [
      ...orders,
      ...STREAMS.filter((stream) => !DURABLE.has(stream)).flatMap((stream) => this.#of(stream).waiting(limits.entries)),
    ];
    const chosen: SpooledEntry[] = [];
    let bytes = 0;
    for (const entry of candidates) {
      bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
      if (chosen.length > 0 && (bytes > limits.bytes || chosen.length >= limits.entries)) break;
      chosen.push(entry);
    }
    return chosen;
  }

  acknowledge(marks: readonly StreamMark[]): void {
    for (const mark of marks) this.#of(mark.stream).acknowledge(mark.epoch, mark.sequence);
  }

  reconcile(marks: readonly StreamMark[]): void {
    for (const stream of this.#streams.values()) stream.reconcile(marks);
  }

  #makeRoom(): void {
    while (this.bytes > this.#maxBytes) {
      const lost = this.#of('metrics').dropOldest();
      if (lost !== undefined) {
        if (lost.entries > 0) this.#setDropped(joined(this.#dropped, lost));
      } else if (this.#of('order-output').dropOldest() === undefined) return;
    }
  }

  #setDropped(dropped: DroppedEntries | undefined): void {
    this.#dropped = dropped;
    replaceFile(this.#droppedFile, dropped === undefined ? '' : JSON.stringify(dropped));
  }

  #of(stream: StreamName): StreamSpool {
    const spool = this.#streams.get(stream);
    if (spool === undefined) throw new TypeError(`There is no stream ${stream}.`);
    return spool;
  }
}

function byTime(first: SpooledEntry, second: SpooledEntry): number {
  return first.stream === second.stream
    ? first.sequence - second.sequence
    : Temporal.Instant.compare(first.at, second.at);
}

function joined(before: DroppedEntries | undefined, lost: DroppedEntries): DroppedEntries {
  return before === undefined ? lost : { entries: before.entries + lost.entries, from: before.from, to: lost.to };
}

function readDropped(path: string): DroppedEntries | undefined {
  const stored = readIfThere(path);
  try {
    return stored === undefined || stored === '' ? undefined : (JSON.parse(stored) as DroppedEntries);
  } catch {
    return undefined;
  }
}
