import { RateLimited, type LimitRule } from '@bailiwick/sdk';
import type { BrokerClock } from './clock.ts';
import { LimitBucket, type Priority } from './limit-bucket.ts';

/** What a request counts against. */
export interface LimitedRequest {
  readonly scope: string | null;
  readonly host: string;
  readonly class: 'read' | 'write';
  readonly priority: Priority;
}

/** Many at one time help no vendor, whatever it declares. */
const DEFAULT_CONCURRENCY: LimitRule = {
  per: 'connection',
  requests: Number.POSITIVE_INFINITY,
  seconds: 0,
  concurrency: 10,
};

interface Waiter {
  readonly request: LimitedRequest;
  readonly admit: () => void;
}

/**
 * The limits of one connection, shared by all that its plugin does. Requests beyond a limit wait; actions go first; scopes take turns, so that a large
 * one cannot hold up the others. A 429 pauses and slows down what it was about, and the speed comes back step by step.
 */
export class Limiter {
  readonly #rules: readonly LimitRule[];
  readonly #clock: BrokerClock;
  readonly #buckets = new Map<string, LimitBucket>();
  readonly #actions = new Set<Waiter>();
  readonly #scopes = new Map<string | null, Set<Waiter>>();
  /** When each scope was served last, as a count of turns: who waited longest goes first, also after a queue was empty for a while. */
  readonly #served = new Map<string | null, number>();
  #turns = 0;
  #timer = new AbortController();

  constructor(rules: readonly LimitRule[], clock: BrokerClock) {
    this.#rules = rules.some((rule) => rule.concurrency !== undefined) ? rules : [...rules, DEFAULT_CONCURRENCY];
    this.#clock = clock;
  }

  /**
   * Waits for a turn.
   *
   * @returns what has to be called when the request has ended
   * @throws RateLimited where the turn comes later than `patienceMs`
   */
  async acquire(request: LimitedRequest, patienceMs: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const now = this.#clock.nowMs();
    const earliest = this.#earliest(request, now);
    if (Number.isFinite(earliest) && earliest - now > patienceMs) throw tooLong(earliest - now);
    await this.#turn(request, patienceMs, signal);
    const buckets = this.#bucketsOf(request);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      for (const bucket of buckets) bucket.release();
      this.#pump();
    };
  }

  /** The vendor answered 429. What it counts by is not known: the narrowest rule that is declared for it is slowed. */
  refused(request: LimitedRequest, retryAfterMs: number | null): void {
    const own = this.#rules.filter((rule) => covers(rule, request));
    const narrow = own.filter((rule) => rule.per === (request.scope === null ? 'host' : 'scope'));
    const slowed =
      narrow.length > 0 && !own.some((rule) => rule.per === 'connection' && Number.isFinite(rule.requests))
        ? narrow
        : own;
    for (const rule of slowed) this.#bucket(rule, request).refuse(this.#clock.nowMs(), retryAfterMs);
  }

  #turn(request: LimitedRequest, patienceMs: number, signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    return new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        request,
        admit: () => {
          done.abort();
          resolve();
        },
      };
      this.#queueOf(request).add(waiter);
      this.#pump();
      if (done.signal.aborted) return;
      const end = AbortSignal.any([done.signal, signal]);
      const giveUp = (error: Error): void => {
        if (done.signal.aborted) return;
        this.#drop(waiter);
        reject(error);
        this.#pump();
      };
      this.#clock.wait(patienceMs, end).then(
        () => giveUp(tooLong(Math.max(1000, this.#earliest(request, this.#clock.nowMs()) - this.#clock.nowMs()))),
        (error: unknown) => giveUp(error instanceof Error ? error : new Error('The wait was given up.')),
      );
    });
  }

  #queueOf(request: LimitedRequest): Set<Waiter> {
    if (request.priority === 'action') return this.#actions;
    const queue = this.#scopes.get(request.scope) ?? new Set();
    this.#scopes.set(request.scope, queue);
    return queue;
  }

  #drop(waiter: Waiter): void {
    const queue = this.#queueOf(waiter.request);
    queue.delete(waiter);
    if (queue !== this.#actions && queue.size === 0) this.#scopes.delete(waiter.request.scope);
  }

  /** Lets start what may start, and comes back when the next one may. */
  #pump(): void {
    this.#timer.abort();
    const now = this.#clock.nowMs();
    for (const waiter of this.#actions) this.#admit(waiter, now);
    let hasMoved = true;
    while (hasMoved) {
      hasMoved = false;
      const order = [...this.#scopes.keys()].toSorted((one, other) => this.#lastTurn(one) - this.#lastTurn(other));
      for (const scope of order) hasMoved = this.#serve(scope, now) || hasMoved;
    }
    this.#comeBack(now);
  }

  #serve(scope: string | null, now: number): boolean {
    const [head] = this.#scopes.get(scope) ?? [];
    if (head === undefined || !this.#admit(head, now)) return false;
    this.#turns += 1;
    this.#served.set(scope, this.#turns);
    return true;
  }

  #lastTurn(scope: string | null): number {
    return this.#served.get(scope) ?? 0;
  }

  #admit(waiter: Waiter, now: number): boolean {
    if (this.#earliest(waiter.request, now) > now) return false;
    for (const bucket of this.#bucketsOf(waiter.request)) bucket.take(now);
    this.#drop(waiter);
    waiter.admit();
    return true;
  }

  #comeBack(now: number): void {
    const heads = [...this.#actions, ...[...this.#scopes.values()].flatMap((queue) => [...queue].slice(0, 1))];
    const next = Math.min(...heads.map((waiter) => this.#earliest(waiter.request, now)));
    if (!Number.isFinite(next)) return;
    this.#timer = new AbortController();
    this.#clock.wait(Math.max(1, next - now), this.#timer.signal).then(
      () => this.#pump(),
      () => undefined,
    );
  }

  #earliest(request: LimitedRequest, now: number): number {
    return Math.max(now, ...this.#bucketsOf(request).map((bucket) => bucket.earliest(now, request.priority)));
  }

  #bucketsOf(request: LimitedRequest): readonly LimitBucket[] {
    return this.#rules.filter((rule) => covers(rule, request)).map((rule) => this.#bucket(rule, request));
  }

  #bucket(rule: LimitRule, request: LimitedRequest): LimitBucket {
    const by = { connection: null, scope: request.scope, host: request.host }[rule.per];
    const key = JSON.stringify([this.#rules.indexOf(rule), by]);
    const bucket = this.#buckets.get(key) ?? new LimitBucket(rule);
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

function covers(rule: LimitRule, request: LimitedRequest): boolean {
  return rule.class === undefined || rule.class === request.class;
}

function tooLong(ms: number): RateLimited {
  const seconds = Number.isFinite(ms) ? Math.ceil(ms / 1000) : 1;
  return new RateLimited('The limits of this connection leave no room for the request now.', seconds);
}
