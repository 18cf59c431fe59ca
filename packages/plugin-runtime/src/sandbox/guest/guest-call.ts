import type { Plugin } from '@bailiwick/sdk';
import type { Binding, Call, PullCall } from '../../invocation.ts';
import { runCall } from './contribution.ts';
import { guestContext, type CallLink } from './guest-context.ts';
import { fromHost, toSent, type SentError } from './guest-error.ts';
import { send } from './host-link.ts';

/** Requests of one call that wait for the host at once; more wait here. The host allows some more. */
const MAX_WAITING = 32;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One call, from its start to its answer. What `ctx` offers ends with it. */
export class GuestCall implements CallLink {
  readonly #id: string;
  readonly #over: () => void;
  readonly #controller = new AbortController();
  readonly #waiting = new Map<number, Waiting>();
  readonly #queue: (() => void)[] = [];
  #batches: AsyncIterator<unknown> | undefined;
  #last = 0;
  #isOver = false;

  constructor(id: string, over: () => void) {
    this.#id = id;
    this.#over = over;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async run(plugin: Plugin, call: Call | PullCall, binding: Binding): Promise<void> {
    try {
      const answer = await runCall(plugin, binding.connection, call, guestContext(binding, this));
      if (call.kind === 'discover' || call.kind === 'read') {
        this.#batches = iterator(answer);
        await this.next();
      } else this.#finish({ kind: 'done', value: answer });
    } catch (error) {
      this.#finish({ kind: 'failed', ...toSent(error) });
    }
  }

  /** The next batch of a call that yields. */
  async next(): Promise<void> {
    try {
      const next = await this.#batches?.next();
      if (next === undefined || next.done === true) this.#finish({ kind: 'done' });
      else if (!this.#isOver) send({ kind: 'item', id: this.#id, value: next.value });
    } catch (error) {
      this.#finish({ kind: 'failed', ...toSent(error) });
    }
  }

  /** The host wants no more. */
  async end(): Promise<void> {
    this.#controller.abort();
    for (const { reject } of this.#waiting.values()) reject(new Error('The host has ended this call.'));
    this.#waiting.clear();
    if (this.#batches === undefined) return;
    try {
      await this.#batches.return?.();
      this.#finish({ kind: 'done' });
    } catch (error) {
      this.#finish({ kind: 'failed', ...toSent(error) });
    }
  }

  async ask(service: string, args: object): Promise<unknown> {
    if (this.#waiting.size >= MAX_WAITING) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#mustRun();
    const seq = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(seq, { resolve, reject });
      send({ kind: 'ask', id: this.#id, seq, service, ...args });
    });
  }

  tell(what: string, args: object): void {
    this.#mustRun();
    send({ kind: 'tell', id: this.#id, what, ...args });
  }

  answered(seq: number, value: unknown, error: Omit<SentError, 'stack'> | undefined): void {
    const waiting = this.#waiting.get(seq);
    this.#waiting.delete(seq);
    this.#queue.shift()?.();
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(fromHost(error));
  }

  #mustRun(): void {
    if (this.#isOver || this.signal.aborted) throw new Error('This call has ended: its ctx does nothing any more.');
  }

  #finish(message: object): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#over();
    for (const { reject } of this.#waiting.values()) reject(new Error('This call has ended.'));
    for (const go of this.#queue.splice(0)) go();
    try {
      send({ ...message, id: this.#id });
    } catch (error) {
      send({ kind: 'failed', id: this.#id, ...toSent(error) });
    }
  }
}

function iterator(answer: unknown): AsyncIterator<unknown> {
  const list = answer as AsyncIterable<unknown>;
  if (typeof list !== 'object' || list === null || typeof list[Symbol.asyncIterator] !== 'function')
    throw new TypeError('A read yields batches: write it as async *read.');
  return list[Symbol.asyncIterator]();
}
