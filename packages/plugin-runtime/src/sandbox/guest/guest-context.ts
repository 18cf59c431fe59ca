import type { Context, Json } from '@bailiwick/sdk';
import type { Binding } from '../../invocation.ts';
import { guestHttp } from './guest-http.ts';

/** What a context needs of its call. */
export interface CallLink {
  readonly signal: AbortSignal;
  ask(service: string, args: object): Promise<unknown>;
  tell(what: string, args: object): void;
}

/** The `ctx` of one call. */
export function guestContext(binding: Binding, link: CallLink): Context {
  const { config, scope, now, seed, grants } = binding;
  const log =
    (level: string) =>
    (message: unknown, fields: object = {}) =>
      link.tell('log', { level, message: String(message).slice(0, 2000), fields });
  const state = {
    get: (key: string) => link.ask('stateGet', { key }) as Promise<undefined>,
    set: (key: string, value: Json) => link.ask('stateSet', { key, value }) as Promise<undefined>,
    delete: (key: string) => link.ask('stateDelete', { key }) as Promise<undefined>,
  };
  return Object.freeze({
    config: Object.freeze(config),
    scope: scope === null ? null : Object.freeze(scope),
    http: guestHttp((request) => link.ask('http', { request }) as never),
    ...(grants.state ? { state: Object.freeze(state) } : {}),
    log: Object.freeze({ debug: log('debug'), info: log('info'), warn: log('warn') }),
    issues: Object.freeze({ raise: (issue: object) => link.tell('issue', { issue }) }),
    signal: link.signal,
    now,
    random: mulberry32(seed),
  });
}

/** Mulberry32: small, even enough for jitter and samples, no secret. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
