import { NotSupported, PluginError, RateLimited, type PluginErrorName } from '@bailiwick/sdk';
import { EgressFailed, EgressRefused } from '../egress/egress-error.ts';
import { checkUrl } from '../egress/policy.ts';
import type { TransportResponse } from '../egress/transport.ts';
import type { BrokeredRequest, BrokeredResponse } from '../invocation.ts';
import { answerOf } from './answer.ts';
import type { BoundHttp, BrokerOptions, CallBinding } from './broker-types.ts';
import { systemClock, type BrokerClock } from './clock.ts';
import { Credentials, schemeOf } from './credentials.ts';
import { Limiter, type LimitedRequest } from './limiter.ts';
import { answerError, judge, networkError, type Verdict } from './plugin-errors.ts';
import { prepareRequest, startAttempt, type Prepared } from './prepare-request.ts';
import { Redactor } from './redactor.ts';
import { retryAfterMs } from './retry-after.ts';
import { Sender } from './sender.ts';
import { SignIn, type SendCredential } from './sign-in.ts';
import type { Values } from './template.ts';
import { TokenCache, type StoredToken } from './token-cache.ts';

const MAX_REQUESTS = 20_000;
const PATIENCE_MS = 30_000;
const MAX_ATTEMPTS = 4;

/** With less time left, another attempt could not get an answer. */
const MIN_ATTEMPT_MS = 1000;

/** The first pause between two attempts; each next one is twice as long. */
const PAUSE_MS = 500;

/** One request of one call, through all its attempts. */
interface Run {
  readonly prepared: Prepared;
  readonly values: Values;
  readonly limited: LimitedRequest;
  readonly signal: AbortSignal;
  readonly count: () => void;
  /** What is left of the time for waiting. */
  patienceMs: number;
  /** What is left of the time for answers, signing in included. */
  remainingMs: number;
  attempts: number;
  /** The token that the vendor refused, once. */
  refused: string | null;
}

/** How an attempt ended: the answer, or an error and whether another attempt may help. */
type Outcome =
  | { readonly response: TransportResponse }
  | { readonly error: PluginError; readonly retryInMs: number | null };

/**
 * `ctx.http` of one connection: puts the credential in, keeps to limits, retries, turns refusals into typed errors, and lets no secret out.
 * One instance serves all calls of a connection in this process, so that they share its limits, tokens and open connections.
 *
 * Retried are requests that read, PUT and DELETE: on 429, 408, 425, 5xx and failures of the network, at most three times, with growing pauses or as
 * Retry-After says. Other writes only on 429, or where nothing can have been sent; those of a call that `writesOnce`, only where nothing can have been sent.
 * A refused token is renewed once. All attempts together have the request's `timeoutSeconds`, and the call's patience for what they wait.
 */
export class HttpBroker {
  /** Knows every secret and token of this connection; for logs, issues and diagnostics too. */
  readonly redactor: Redactor;
  readonly #options: BrokerOptions;
  readonly #clock: BrokerClock;
  readonly #random: () => number;
  readonly #limiter: Limiter;
  readonly #sender: Sender;
  readonly #cache: TokenCache;
  readonly #closing = new AbortController();
  #made: Credentials | null = null;

  constructor(options: BrokerOptions) {
    const { connection } = options;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.redactor = new Redactor(Object.values(connection.secrets));
    this.#limiter = new Limiter(connection.limits ?? connection.type.limits, this.#clock);
    const { transport, record } = options;
    this.#sender = new Sender({ transport, record, redactor: this.redactor, clock: this.#clock });
    this.#cache = new TokenCache({
      connection: connection.id,
      store: options.store,
      clock: this.#clock,
      learn: ({ token, refreshToken, secretAccessKey, sessionToken }) =>
        this.#learn([token, refreshToken, secretAccessKey, sessionToken]),
    });
  }

  /** What one call gets as `Services.http`. Errors are PluginErrors of the SDK, without secrets. */
  bind(call: CallBinding): BoundHttp {
    let sent = 0;
    const most = call.maxRequests ?? MAX_REQUESTS;
    const count = (): void => {
      if (sent >= most) throw new RateLimited(`One call may send ${most} requests, and this one has.`);
      sent += 1;
    };
    return {
      http: async (request, signal) => {
        try {
          return await this.#request(call, request, AbortSignal.any([signal, this.#closing.signal]), count);
        } catch (error) {
          throw this.#clean(error);
        }
      },
      get sent() {
        return sent;
      },
    };
  }

  /** Forgets tokens, so that the next request signs in again: for a plugin that learned from a 200 that its session ended. Null: the connection's own. */
  async forgetTokens(scopeId: string | null): Promise<void> {
    await this.#cache.forget(scopeId);
  }

  /** Ends what is in flight and closes connections. */
  close(): void {
    this.#closing.abort();
    this.#sender.close();
  }

  async #request(
    call: CallBinding,
    request: BrokeredRequest,
    signal: AbortSignal,
    count: () => void,
  ): Promise<BrokeredResponse> {
    const { connection } = this.#options;
    const values: Values = { config: connection.config, secrets: connection.secrets, scope: call.scope };
    const prepared = prepareRequest(connection, values, request, call);
    const run: Run = {
      prepared,
      values,
      limited: {
        scope: call.scope?.id ?? null,
        host: prepared.url.host,
        class: prepared.isReading ? 'read' : 'write',
        priority: call.priority ?? 'background',
      },
      signal,
      count,
      patienceMs: call.patienceMs ?? PATIENCE_MS,
      remainingMs: prepared.timeoutMs,
      attempts: 0,
      refused: null,
    };
    return answerOf(await this.#untilAnswered(run), this.redactor);
  }

  async #untilAnswered(run: Run): Promise<TransportResponse> {
    for (;;) {
      const outcome = await this.#limited(run);
      if ('response' in outcome) return outcome.response;
      const { error, retryInMs } = outcome;
      const hasTime = retryInMs !== null && retryInMs <= run.patienceMs && run.remainingMs >= MIN_ATTEMPT_MS;
      if (!hasTime || run.attempts >= MAX_ATTEMPTS) throw error;
      run.patienceMs -= retryInMs;
      if (retryInMs > 0) await this.#clock.wait(retryInMs, run.signal);
    }
  }

  /** One attempt in its turn. The token comes first: signing in takes a turn of its own, and nobody may hold one while waiting for another. */
  async #limited(run: Run): Promise<Outcome> {
    const token = run.prepared.hasCredential
      ? await this.#timed(run, async () => this.#credentials().token(run.values, run.refused))
      : null;
    const since = this.#clock.nowMs();
    const release = await this.#limiter.acquire(run.limited, run.patienceMs, run.signal);
    run.patienceMs = Math.max(0, run.patienceMs - (this.#clock.nowMs() - since));
    try {
      run.count();
      run.attempts += 1;
      return await this.#timed(run, async () => this.#attempt(run, token));
    } finally {
      release();
    }
  }

  async #timed<T>(run: Run, work: () => Promise<T>): Promise<T> {
    const since = this.#clock.nowMs();
    try {
      return await work();
    } finally {
      run.remainingMs -= this.#clock.nowMs() - since;
    }
  }

  async #attempt(run: Run, token: StoredToken | null): Promise<Outcome> {
    const { prepared, values } = run;
    const outgoing = startAttempt(prepared);
    const credentials = this.#credentials();
    if (prepared.hasCredential) credentials.apply(outgoing, values, token, prepared.aws);
    const request = {
      method: outgoing.method,
      // A credential in the query, or filled into the address, is checked with the rest.
      url: checkUrl(this.#options.connection.policy, outgoing.url.href).href,
      headers: outgoing.headers,
      body: outgoing.body,
      timeoutMs: Math.max(MIN_ATTEMPT_MS, run.remainingMs),
      maxRedirects: 5,
      isIdempotent: prepared.isIdempotent,
      credential: {
        headers: [...outgoing.credentialHeaders],
        isInBody: outgoing.isCredentialInBody,
        appearsIn: (text: string) => this.redactor.appearsIn(text),
      },
    };
    let response: TransportResponse;
    try {
      response = await this.#sender.send(request, 'request', run.signal);
    } catch (error) {
      if (!(error instanceof EgressFailed)) throw error;
      const mayRetry =
        error.isUnsent || (prepared.isIdempotent && (error.failure === 'network' || error.failure === 'timeout'));
      return { error: networkError(error), retryInMs: mayRetry ? this.#pause(run) : null };
    }
    const verdict = judge(response, prepared.accept, credentials.isAws && prepared.hasCredential);
    if (verdict === 'ok') return { response };
    return this.#failed(run, verdict, response, token?.token ?? null);
  }

  #failed(run: Run, verdict: Verdict, response: TransportResponse, token: string | null): Outcome {
    const now = this.#clock.nowMs();
    const error = answerError(verdict, run.prepared.method, response, now);
    const { isSentOnce, isIdempotent } = run.prepared;
    if (verdict === 'unauthenticated' && token !== null && run.refused === null && !isSentOnce) {
      run.refused = token;
      return { error, retryInMs: 0 };
    }
    const waitMs = retryAfterMs(response.headers['retry-after'], now);
    if (verdict === 'rate-limited') {
      this.#limiter.refused(run.limited, waitMs);
      // The limiter holds the next attempt back.
      return { error, retryInMs: isSentOnce ? null : Math.max(waitMs ?? 0, this.#pause(run)) };
    }
    const mayRetry = verdict === 'transient' && isIdempotent;
    return { error, retryInMs: mayRetry ? Math.max(waitMs ?? 0, this.#pause(run)) : null };
  }

  /** Between half and all of the step, so that many do not come back together. */
  #pause(run: Run): number {
    const step = PAUSE_MS * 2 ** (run.attempts - 1);
    return Math.round(step / 2 + (step / 2) * this.#random());
  }

  #credentials(): Credentials {
    this.#made ??= new Credentials({
      scheme: schemeOf(this.#options.connection),
      signIn: new SignIn({
        send: this.#sendCredential,
        cache: this.#cache,
        clock: this.#clock,
        redactor: this.redactor,
      }),
      redactor: this.redactor,
      clock: this.#clock,
    });
    return this.#made;
  }

  /** Requests for credentials count against the same limits; they go first, because everything else waits for them. */
  readonly #sendCredential: SendCredential = async (scope, request, secretsIn) => {
    const { host } = checkUrl(this.#options.connection.policy, request.url);
    const limited: LimitedRequest = { scope, host, class: 'write', priority: 'action' };
    const { signal } = this.#closing;
    const release = await this.#limiter.acquire(limited, PATIENCE_MS, signal);
    try {
      const learn = (response: TransportResponse): void => this.#learn(secretsIn(response));
      const response = await this.#sender.send(request, 'credential', signal, learn);
      if (response.status === 429)
        this.#limiter.refused(limited, retryAfterMs(response.headers['retry-after'], this.#clock.nowMs()));
      return response;
    } finally {
      release();
    }
  };

  #learn(secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) if (secret !== undefined) this.redactor.add(secret);
  }

  /** Whatever is thrown leaves as a typed error without secrets. */
  #clean(error: unknown): Error {
    const typed = error instanceof EgressFailed || error instanceof EgressRefused ? networkError(error) : error;
    if (typed instanceof PluginError) {
      const { required, ...rest } = typed.details;
      const details = required === undefined ? rest : { ...rest, required: this.redactor.text(required) };
      // A PluginError's name is one of its names by construction.
      return new PluginError(typed.name as PluginErrorName, this.redactor.text(typed.message), details);
    }
    if (this.#closing.signal.aborted) return new NotSupported('The connection was closed.');
    return new Error(this.redactor.text(error instanceof Error ? error.message : 'The broker failed.'));
  }
}
