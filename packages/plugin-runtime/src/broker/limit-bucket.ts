import type { LimitRule } from '@bailiwick/sdk';

/** How urgent a request is. */
export type Priority = 'action' | 'background';

/** One part in five is kept for actions: a person waits for them. */
const HEADROOM = 5;

/** Below this share of the declared limit nothing is learned any more: it would never end. */
const MIN_FACTOR = 0.125;

/** Answers to requests that were on their way together count as one lesson. */
const LESSON_MS = 1000;

const MAX_PAUSE_MS = 60_000;

/** What one rule allows for one key (the connection, a scope, a host): a sliding window of starts, and a number at one time. Times in milliseconds. */
export class LimitBucket {
  readonly #rule: LimitRule;
  #starts: number[] = [];
  #inFlight = 0;
  #blockedUntil = 0;
  #factor = 1;
  #strikes = 0;
  #learnedAt = Number.NEGATIVE_INFINITY;

  constructor(rule: LimitRule) {
    this.#rule = rule;
  }

  /** When a request may start: now or earlier, later, or Infinity where one in flight has to end first. */
  earliest(now: number, priority: Priority): number {
    this.#prune(now);
    if (this.#inFlight >= this.#concurrency(priority)) return Number.POSITIVE_INFINITY;
    const room = this.#room(priority);
    const used = this.#starts.length;
    const free = used < room ? now : (this.#starts[used - room] ?? now) + this.#rule.seconds * 1000;
    return Math.max(free, this.#blockedUntil);
  }

  take(now: number): void {
    this.#inFlight += 1;
    if (Number.isFinite(this.#rule.requests)) this.#starts.push(now);
    if (this.#factor < 1 && now - this.#learnedAt > Math.max(this.#rule.seconds * 1000, LESSON_MS)) this.#recover(now);
  }

  release(): void {
    this.#inFlight -= 1;
  }

  /** The vendor said: too many. */
  refuse(now: number, retryAfterMs: number | null): void {
    const pause = retryAfterMs ?? Math.min(MAX_PAUSE_MS, 1000 * 2 ** this.#strikes);
    this.#blockedUntil = Math.max(this.#blockedUntil, now + pause);
    if (now - this.#learnedAt < LESSON_MS) return;
    this.#learnedAt = now;
    this.#strikes += 1;
    this.#factor = Math.max(MIN_FACTOR, this.#factor / 2);
  }

  /** The share of the declared limit that is used after what was learned. */
  get factor(): number {
    return this.#factor;
  }

  #recover(now: number): void {
    this.#learnedAt = now;
    this.#strikes = 0;
    this.#factor = Math.min(1, this.#factor * 1.25);
  }

  #room(priority: Priority): number {
    if (!Number.isFinite(this.#rule.requests)) return Number.POSITIVE_INFINITY;
    const all = Math.max(1, Math.floor(this.#rule.requests * this.#factor));
    return priority === 'action' ? all : all - Math.floor(all / HEADROOM);
  }

  #concurrency(priority: Priority): number {
    const all = this.#rule.concurrency ?? Number.POSITIVE_INFINITY;
    if (priority === 'action' || !Number.isFinite(all) || all < 2) return all;
    return all - Math.max(1, Math.floor(all / HEADROOM));
  }

  #prune(now: number): void {
    const since = now - this.#rule.seconds * 1000;
    const index = this.#starts.findIndex((start) => start > since);
    if (index !== 0) this.#starts = index === -1 ? [] : this.#starts.slice(index);
  }
}
