import { randomUUID } from 'node:crypto';
import { NinjaError } from './ninja-error.ts';
import { seconds } from './present.ts';

interface Cursor {
  readonly report: string;
  readonly rows: readonly object[];
  offset: number;
  expiresAt: Temporal.Instant;
}

/** Reports are read through a cursor that the server keeps: its name is given with each page, as long as there may be more. */
export class Cursors {
  readonly #now: () => Temporal.Instant;
  readonly #cursors = new Map<string, Cursor>();

  constructor(now: () => Temporal.Instant) {
    this.#now = now;
  }

  /** The next page; `rows` are taken where no cursor is named. */
  page(report: string, name: string | undefined, size: number, rows: () => readonly object[]): object {
    const key = name ?? randomUUID();
    const expiresAt = this.#now().add({ minutes: 10 });
    const cursor = name === undefined ? { report, rows: rows(), offset: 0, expiresAt } : this.#cursors.get(key);
    const hasEnded = cursor === undefined || Temporal.Instant.compare(this.#now(), cursor.expiresAt) >= 0;
    if (hasEnded || cursor.report !== report) throw new NinjaError(400, 'The cursor is unknown or has expired.');
    const results = cursor.rows.slice(cursor.offset, cursor.offset + size);
    cursor.offset += results.length;
    cursor.expiresAt = expiresAt;
    if (results.length < size) {
      this.#cursors.delete(key);
      return { results };
    }
    this.#cursors.set(key, cursor);
    return {
      cursor: { name: key, offset: cursor.offset, count: results.length, expires: seconds(expiresAt) },
      results,
    };
  }
}
