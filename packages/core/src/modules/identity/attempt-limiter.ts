import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '#kernel/clock';
import { RateLimitedError } from '#kernel/errors';

/** How many tries are let through in a window that begins with the first. */
export interface AttemptLimit {
  readonly name: string;
  readonly tries: number;
  readonly windowSeconds: number;
}

/**
 * Counts tries in the database before anything is checked, so that parallel tries at several processes share one count: the row's lock puts them in
 * line. A try that is refused costs no password hash.
 */
export class AttemptLimiter {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;

  constructor(deps: { pool: pg.Pool; clock: Clock }) {
    this.#pool = deps.pool;
    this.#clock = deps.clock;
  }

  /** Takes one try. Throws `sign-in.too-many-tries`; `wasLast` is true for the try that used the window up. */
  async take(limit: AttemptLimit, subject: string): Promise<{ wasLast: boolean }> {
    const now = this.#clock.now();
    const { rows } = await this.#pool.query<{ count: number; ends_ms: string }>(
      `insert into auth.attempt as a (key, count, window_ends_at) values ($1, 1, $3)
       on conflict (key) do update set
         count = case when a.window_ends_at <= $2 then 1 else least(a.count + 1, $4) end,
         window_ends_at = case when a.window_ends_at <= $2 then $3 else a.window_ends_at end
       returning count, extract(epoch from window_ends_at) * 1000 as ends_ms`,
      [keyOf(limit, subject), now.toString(), now.add({ seconds: limit.windowSeconds }).toString(), limit.tries + 1],
    );
    const row = rows[0];
    const count = row?.count ?? 1;
    if (count <= limit.tries) return { wasLast: count === limit.tries };
    const waitSeconds = Math.max(1, Math.ceil((Number(row?.ends_ms) - now.epochMilliseconds) / 1000));
    throw new RateLimitedError(
      'sign-in.too-many-tries',
      `Too many tries. Try again in ${waitSeconds < 120 ? `${waitSeconds} seconds` : `${Math.ceil(waitSeconds / 60)} minutes`}.`,
      waitSeconds,
    );
  }

  /** Forgets the tries of somebody who has proved who they are. */
  async clear(limit: AttemptLimit, subject: string): Promise<void> {
    await this.#pool.query('delete from auth.attempt where key = $1', [keyOf(limit, subject)]);
  }

  /** Removes windows that have ended. */
  async sweep(): Promise<void> {
    await this.#pool.query('delete from auth.attempt where window_ends_at < $1', [
      this.#clock.now().subtract({ hours: 24 }).toString(),
    ]);
  }
}

/** Hashed, so that the table holds no address of a person or machine. */
function keyOf(limit: AttemptLimit, subject: string): string {
  return `${limit.name}:${createHash('sha256').update(subject).digest('base64url')}`;
}
