import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { appendDurably, readIfThere, replaceFile } from './durable-file.ts';

/** Used ids are kept this long after the order expired, so that a clock set back does not bring one to life again. */
const KEEP_DAYS = 60;

interface JournalLine {
  readonly id: string;
  readonly event: 'begun' | 'started' | 'ended';
  readonly expiresAt?: string;
  readonly pid?: number;
  readonly startedAt?: string;
}

/** An order that began and of whose end nothing is known; `process` is what it ran as. */
export interface UnfinishedOrder {
  readonly id: string;
  readonly process?: { readonly pid: number; readonly startedAt: string };
}

interface JournalEntry {
  readonly expiresAt: string;
  isOver: boolean;
  process?: { readonly pid: number; readonly startedAt: string };
}

/** The ids of orders that were used, on disk before anything runs: after `kill -9` no order runs a second time. */
export class OrderJournal {
  readonly #path: string;
  readonly #entries = new Map<string, JournalEntry>();

  constructor(path: string, now: Temporal.Instant) {
    this.#path = path;
    const stored = readIfThere(path) ?? '';
    for (const text of stored.split('\n')) this.#read(text);
    this.#endTornLine(stored);
    this.#forgetOld(now);
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Uses the id up. Returns only when that is on the disk. */
  begin(id: string, expiresAt: string): void {
    if (this.#entries.has(id)) throw new Error(`Order ${id} was used before.`);
    this.#append({ id, event: 'begun', expiresAt });
  }

  /** Notes what the order runs as, so that it can be ended if the agent dies first. */
  started(id: string, pid: number, startedAt: string): void {
    this.#append({ id, event: 'started', pid, startedAt });
  }

  end(id: string): void {
    this.#append({ id, event: 'ended' });
  }

  unfinished(): UnfinishedOrder[] {
    return [...this.#entries].flatMap(([id, entry]) =>
      entry.isOver ? [] : [{ id, ...(entry.process === undefined ? {} : { process: entry.process }) }],
    );
  }

  #append(line: JournalLine): void {
    appendDurably(this.#path, `${JSON.stringify(line)}\n`);
    this.#apply(line);
  }

  #read(text: string): void {
    if (text === '') return;
    try {
      this.#apply(JSON.parse(text) as JournalLine);
    } catch {
      // Torn by a crash while it was written: `begin` had not returned, so nothing ran.
    }
  }

  #apply(line: JournalLine): void {
    const entry = this.#entries.get(line.id);
    if (line.event === 'begun') this.#entries.set(line.id, { expiresAt: line.expiresAt ?? '', isOver: false });
    else if (entry !== undefined && line.event === 'ended') entry.isOver = true;
    else if (entry !== undefined && line.pid !== undefined && line.startedAt !== undefined)
      entry.process = { pid: line.pid, startedAt: line.startedAt };
  }

  /** The next line must not continue a torn one. */
  #endTornLine(stored: string): void {
    if (stored === '' || stored.endsWith('\n')) return;
    const file = openSync(this.#path, 'a', 0o600);
    writeSync(file, '\n');
    closeSync(file);
  }

  #forgetOld(now: Temporal.Instant): void {
    const oldest = now.subtract({ hours: KEEP_DAYS * 24 });
    const old = [...this.#entries].filter(([, entry]) => entry.isOver && isBefore(entry.expiresAt, oldest));
    if (old.length === 0) return;
    for (const [id] of old) this.#entries.delete(id);
    const kept = readFileSync(this.#path, 'utf8')
      .split('\n')
      .filter((text) => {
        try {
          return this.#entries.has((JSON.parse(text) as JournalLine).id);
        } catch {
          return false;
        }
      });
    replaceFile(this.#path, kept.map((text) => `${text}\n`).join(''));
  }
}

function isBefore(text: string, instant: Temporal.Instant): boolean {
  try {
    return Temporal.Instant.compare(text, instant) < 0;
  } catch {
    return false;
  }
}
