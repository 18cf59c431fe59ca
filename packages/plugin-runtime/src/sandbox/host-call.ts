import type { Json } from '@bailiwick/sdk';
import { CallFailed, type Services } from '../invocation.ts';
import { checkIssue } from '../rules/check-answers.ts';
import { asJson } from '../rules/json-value.ts';
import type { GuestAsk, GuestMessage, GuestTell } from './guest-message.ts';
import { pluginFailure, toGuest } from './plugin-failure.ts';

/** Requests of one call at one time. The sandbox queues beyond 32 by itself, so more is somebody else's code on the channel. */
const MAX_ASKS = 64;
const MAX_STATE_BYTES = 65_536;
const MAX_FIELDS_BYTES = 8192;

/** Where a call speaks to its sandbox. */
export interface GuestLink {
  send(message: object): void;
  /** Stops the process: it did what no plugin can do by itself. */
  violated(what: string): void;
}

type Answer = { readonly isDone: boolean; readonly value: unknown };

/** The host's side of one call: services bound to it, and the answers that it waits for. */
export class HostCall {
  readonly id: string;
  readonly #services: Services;
  readonly #link: GuestLink;
  readonly #controller = new AbortController();
  #waiting: PromiseWithResolvers<Answer> | undefined;
  #asks = 0;
  #failure: CallFailed | undefined;
  isOver = false;

  constructor(id: string, services: Services, link: GuestLink) {
    this.id = id;
    this.#services = services;
    this.#link = link;
  }

  /** The next answer. Exactly one is asked for at a time. @throws CallFailed */
  async answer(): Promise<Answer> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** Ends what the services still do for it, and fails whoever waits. */
  fail(failure: CallFailed): void {
    this.#failure ??= failure;
    this.#controller.abort();
    this.#waiting?.reject(failure);
    this.#waiting = undefined;
  }

  receive(message: Exclude<GuestMessage, { kind: 'pong' | 'console' }>): void {
    switch (message.kind) {
      case 'ask':
        if (this.#asks >= MAX_ASKS) return this.#link.violated('more requests at once than a plugin can make');
        void this.#serve(message);
        return;
      case 'tell':
        return this.#tell(message);
      case 'item':
        return this.#resolve({ isDone: false, value: message.value });
      case 'done':
        this.#end();
        return this.#resolve({ isDone: true, value: message.value });
      case 'failed':
        this.#end();
        return this.fail(pluginFailure(message));
    }
  }

  #end(): void {
    this.isOver = true;
    this.#controller.abort();
  }

  #resolve(answer: Answer): void {
    if (this.#waiting === undefined && this.#failure === undefined && !answer.isDone)
      return this.#link.violated('an answer that nobody asked for');
    this.#waiting?.resolve(answer);
    this.#waiting = undefined;
  }

  async #serve(ask: GuestAsk): Promise<void> {
    const { id, seq } = ask;
    this.#asks += 1;
    try {
      const value = await this.#service(ask);
      if (!this.#controller.signal.aborted) this.#link.send({ kind: 'reply', id, seq, value });
    } catch (error) {
      if (!this.#controller.signal.aborted) this.#link.send({ kind: 'reply', id, seq, error: toGuest(error) });
    } finally {
      this.#asks -= 1;
    }
  }

  async #service(ask: GuestAsk): Promise<unknown> {
    switch (ask.service) {
      case 'http':
        return this.#services.http(ask.request, this.#controller.signal);
      case 'stateGet':
        return this.#services.stateGet(ask.key);
      case 'stateDelete':
        return this.#services.stateDelete(ask.key);
      case 'stateSet':
        return this.#services.stateSet(ask.key, small(ask.value, MAX_STATE_BYTES, 'A value of state'));
    }
  }

  #tell(tell: GuestTell): void {
    try {
      if (tell.what === 'issue') return this.#services.raiseIssue(checkIssue(tell.issue));
      const fields = small(tell.fields ?? {}, MAX_FIELDS_BYTES, "A line's fields");
      this.#services.log(tell.level, tell.message, isObject(fields) ? fields : { value: fields });
    } catch (error) {
      // There is nobody to answer, so the author reads of it where the lines are.
      this.#services.log('warn', error instanceof CallFailed ? error.message : 'The host could not take this.', {});
    }
  }
}

function small(value: unknown, maxBytes: number, what: string): Json {
  const json = asJson(value);
  if (json === undefined) throw new CallFailed('PluginBug', `${what} must be JSON.`);
  if (Buffer.byteLength(JSON.stringify(json)) > maxBytes)
    throw new CallFailed('PluginBug', `${what} may have ${maxBytes / 1024} KiB at most.`);
  return json;
}

function isObject(json: Json): json is { readonly [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
