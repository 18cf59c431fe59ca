import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { StreamName } from '@bailiwick/agent-protocol';
import { appendDurably, readIfThere, replaceFile } from './durable-file.ts';

/** Small enough that dropping one loses little, large enough that a week offline is some hundred files. */
const SEGMENT_BYTES = 128 * 1024;

/** One spooled entry as it will be sent. */
export interface SpooledEntry {
  readonly stream: StreamName;
  readonly epoch: string;
  readonly sequence: number;
  readonly at: string;
  readonly data: unknown;
}

/** What had to be dropped. */
export interface DroppedEntries {
  readonly entries: number;
  readonly from: string;
  readonly to: string;
}

interface Segment {
  readonly path: string;
  readonly first: number;
  last: number;
  bytes: number;
}

interface Line {
  readonly sequence: number;
  readonly at: string;
  readonly data: unknown;
}

/**
 * One stream on disk: append-only segments of JSON lines, an epoch, and the mark up to which the server has it. A line torn by a crash was never
 * acknowledged to anybody and is cut off at the next start.
 */
export class StreamSpool {
  readonly stream: StreamName;
  readonly #folder: string;
  readonly #kind: 'queue' | 'latest';
  readonly #isDurable: boolean;
  readonly #segments: Segment[] = [];
  #epoch: string;
  #mark: number;
  #last: number;

  /** `latest` keeps only the newest entry (whole pictures); `isDurable` waits for the disk at each append. */
  constructor(folder: string, stream: StreamName, options: { kind: 'queue' | 'latest'; isDurable: boolean }) {
    this.stream = stream;
    this.#folder = join(folder, stream);
    this.#kind = options.kind;
    this.#isDurable = options.isDurable;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const state = readState(join(this.#folder, 'state.json'));
    this.#epoch = state.epoch;
    this.#mark = state.mark;
    this.#openSegments();
    this.#last = Math.max(this.#mark, this.#segments.at(-1)?.last ?? 0);
    this.#saveState();
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  get isEmpty(): boolean {
    return this.#last <= this.#mark;
  }

  append(at: string, data: unknown): void {
    const sequence = this.#last + 1;
    const line = `${JSON.stringify({ sequence, at, data })}\n`;
    const segment = this.#segmentFor(sequence);
    if (this.#isDurable) appendDurably(segment.path, line);
    else appendFileSync(segment.path, line, { mode: 0o600 });
    segment.last = sequence;
    segment.bytes += Buffer.byteLength(line);
    this.#last = sequence;
    if (this.#kind === 'latest') while (this.#segments.length > 1) this.#removeFirst();
  }

  /** The oldest entries that the server does not have yet. */
  waiting(maxEntries: number): SpooledEntry[] {
    const entries: SpooledEntry[] = [];
    for (const segment of this.#segments) {
      if (segment.last <= this.#mark) continue;
      for (const line of readLines(segment.path)) {
        if (line.sequence <= this.#mark) continue;
        entries.push({ stream: this.stream, epoch: this.#epoch, ...line });
        if (entries.length >= maxEntries) return entries;
      }
    }
    return entries;
  }

  /** The server has everything up to `sequence` of `epoch`. Another epoch's mark is not ours. */
  acknowledge(epoch: string, sequence: number): void {
    if (epoch !== this.#epoch || sequence <= this.#mark) return;
    this.#mark = Math.min(sequence, this.#last);
    this.#saveState();
    while (this.#segments[0] !== undefined && this.#segments[0].last <= this.#mark) this.#removeFirst();
  }

  /**
   * Compares with what the server has. If it has more than we ever wrote, this folder is an older copy of itself: its numbers are used up, and
   * a new epoch begins with what waits.
   */
  reconcile(marks: readonly { stream: string; epoch: string; sequence: number }[]): void {
    const mine = marks.find((mark) => mark.stream === this.stream && mark.epoch === this.#epoch);
    if (mine === undefined) return;
    if (mine.sequence > this.#last) {
      this.#epoch = randomUUID();
      this.#saveState();
    } else this.acknowledge(mine.epoch, mine.sequence);
  }

  /** Gives up the oldest segment; undefined if there is none. */
  dropOldest(): DroppedEntries | undefined {
    const segment = this.#segments[0];
    if (segment === undefined) return undefined;
    const lost = readLines(segment.path).filter((line) => line.sequence > this.#mark);
    this.#mark = Math.max(this.#mark, segment.last);
    this.#saveState();
    this.#removeFirst();
    const [first] = lost;
    const last = lost.at(-1);
    if (first === undefined || last === undefined) return { entries: 0, from: '', to: '' };
    // An entry that told of a loss is lost itself: what it told goes on with the next.
    const told = lost
      .map((line) => (line.data as { dropped?: DroppedEntries }).dropped)
      .filter((dropped) => dropped !== undefined);
    const entries = told.reduce((sum, dropped) => sum + dropped.entries, lost.length);
    return { entries, from: told[0]?.from ?? first.at, to: last.at };
  }

  #segmentFor(sequence: number): Segment {
    const current = this.#segments.at(-1);
    if (current !== undefined && current.bytes < SEGMENT_BYTES && this.#kind === 'queue') return current;
    const path = join(this.#folder, `${String(sequence).padStart(12, '0')}.jsonl`);
    const segment = { path, first: sequence, last: sequence - 1, bytes: 0 };
    this.#segments.push(segment);
    return segment;
  }

  #removeFirst(): void {
    const segment = this.#segments.shift();
    if (segment !== undefined) rmSync(segment.path, { force: true });
  }

  #openSegments(): void {
    for (const name of readdirSync(this.#folder)
      .filter((file) => /^\d{12}\.jsonl$/.test(file))
      .toSorted()) {
      const path = join(this.#folder, name);
      cutTornLine(path);
      const last = readLines(path).at(-1);
      if (last === undefined || last.sequence <= this.#mark) rmSync(path, { force: true });
      else
        this.#segments.push({
          path,
          first: Number(name.slice(0, 12)),
          last: last.sequence,
          bytes: statSync(path).size,
        });
    }
  }

  #saveState(): void {
    // Not durable on purpose: an older mark only makes us send something again, which is harmless.
    replaceFile(join(this.#folder, 'state.json'), JSON.stringify({ epoch: this.#epoch, mark: this.#mark }), {
      isDurable: false,
    });
  }
}

function readState(path: string): { epoch: string; mark: number } {
  const stored = readIfThere(path);
  try {
    const state = JSON.parse(stored ?? '') as { epoch: unknown; mark: unknown };
    if (typeof state.epoch === 'string' && typeof state.mark === 'number')
      return { epoch: state.epoch, mark: state.mark };
  } catch {
    // Empty after a power cut, or never written: a new epoch is always right.
  }
  return { epoch: randomUUID(), mark: 0 };
}

function cutTornLine(path: string): void {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
}

function readLines(path: string): Line[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        return text === '' ? [] : [JSON.parse(text) as Line];
      } catch {
        // A power cut can leave zeros inside a file; one line less is better than an agent that never starts again.
        return [];
      }
    });
}
