import {
  AGENT_PATHS,
  helloAnswerSchema,
  MAX_KNOWN_RUNS,
  LIMITS,
  ordersAnswerSchema,
  PROTOCOL_VERSIONS,
  refusalSchema,
  reportAnswerSchema,
  signRequest,
} from '@bailiwick/agent-protocol';
import type { HelloAnswer, HelloRequest, ReportAnswer, SigningKey } from '@bailiwick/agent-protocol';
import { randomUUID } from 'node:crypto';
import type { AgentClock } from './clock.ts';
import type { StateFolder } from './state-folder.ts';
import type { SpooledEntry } from './stream-spool.ts';

const UNREACHED = 'agent.unreached';

/** The server said no, or could not be reached (`status` 0). */
export class ServerRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ServerRefusal';
    this.status = status;
    this.code = code;
  }

  /** True if the server never got the request, or refused it. After a time-out nobody knows. */
  get isCertainlyUnheard(): boolean {
    return this.code === UNREACHED || (this.status >= 400 && this.status < 500);
  }

  /** True if the same bytes will be refused for ever. */
  get isAboutContents(): boolean {
    return [400, 413, 422].includes(this.status) && this.code !== 'agent.bad-signature-headers';
  }
}

interface ServerClientParts {
  readonly state: StateFolder;
  readonly key: SigningKey;
  readonly serverUrl: string;
  readonly agentId: string;
  readonly clock: AgentClock;
  readonly agentVersion: string;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** Speaks to the server: signs, counts, and keeps to the time that the server's clock shows. */
export class ServerClient {
  readonly #parts: ServerClientParts;
  #runId: string = randomUUID();
  #counter = 0;
  #offsetMs = 0;
  #isRunOpen = false;

  constructor(parts: ServerClientParts) {
    this.#parts = parts;
  }

  /** The time by the server's clock as far as it is known: a machine with a wrong clock still reports at the right times. */
  now(): Temporal.Instant {
    return this.#parts.clock.now().add({ milliseconds: this.#offsetMs });
  }

  get isRunOpen(): boolean {
    return this.#isRunOpen;
  }

  /** The next request begins with a new hello. */
  closeRun(): void {
    this.#isRunOpen = false;
  }

  /** Begins a run. The run is written down before it is announced, so that after a crash in between this folder still knows it. */
  async hello(
    fields: Pick<HelloRequest, 'hostname' | 'bootId' | 'orderPolicy'>,
    signal: AbortSignal,
  ): Promise<HelloAnswer> {
    const { state } = this.#parts;
    const known = state.runs();
    if (!known.pending.includes(this.#runId) || this.#isRunOpen) {
      this.#runId = randomUUID();
      this.#counter = 0;
    }
    const earlier = known.pending.filter((id) => id !== this.#runId).slice(0, MAX_KNOWN_RUNS - 1);
    state.saveRuns({ ...known, pending: [...earlier, this.#runId] });
    const body: HelloRequest = {
      protocolVersions: [...PROTOCOL_VERSIONS],
      agentVersion: this.#parts.agentVersion,
      previousRunIds: [...(known.confirmed === undefined ? [] : [known.confirmed]), ...earlier],
      ...fields,
    };
    let answer: HelloAnswer;
    try {
      answer = helloAnswerSchema.parse(await this.#request('POST', AGENT_PATHS.hello, body, { signal }));
    } catch (error) {
      // A hello that certainly did not arrive need not be remembered; else an outage with many starts would fill the list.
      if (error instanceof ServerRefusal && error.isCertainlyUnheard) state.saveRuns({ ...known, pending: earlier });
      throw error;
    }
    state.saveRuns({ confirmed: this.#runId, pending: [] });
    this.#isRunOpen = true;
    return answer;
  }

  async report(entries: readonly SpooledEntry[], signal: AbortSignal): Promise<ReportAnswer> {
    return reportAnswerSchema.parse(await this.#request('POST', AGENT_PATHS.reports, { entries }, { signal }));
  }

  /** Waits at the server for orders; they come as received, to be verified. */
  async orders(waitSeconds: number, signal: AbortSignal): Promise<unknown[]> {
    const wait = Math.min(waitSeconds, LIMITS.longPollSeconds);
    const timeoutMs = REQUEST_TIMEOUT_MS + wait * 1000;
    return ordersAnswerSchema.parse(
      await this.#request('GET', `${AGENT_PATHS.orders}?wait=${wait}`, undefined, { signal, timeoutMs }),
    ).orders;
  }

  async #request(
    method: 'GET' | 'POST',
    path: string,
    body: object | undefined,
    options: { signal: AbortSignal; timeoutMs?: number },
  ): Promise<unknown> {
    try {
      return await this.#send(method, path, body, options);
    } catch (error) {
      // The refusal told the server's time, so the second try is signed by it.
      if (error instanceof ServerRefusal && error.code === 'agent.clock-skew')
        return this.#send(method, path, body, options);
      throw error;
    }
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    body: object | undefined,
    { signal, timeoutMs = REQUEST_TIMEOUT_MS }: { signal: AbortSignal; timeoutMs?: number },
  ): Promise<unknown> {
    const { key, agentId, serverUrl, clock } = this.#parts;
    const text = body === undefined ? '' : JSON.stringify(body);
    this.#counter += 1;
    const timestamp = this.now().toString({ fractionalSecondDigits: 3 });
    const headers = await signRequest(key, {
      method,
      path,
      body: text,
      agentId,
      timestamp,
      runId: this.#runId,
      counter: this.#counter,
    });
    return exchange(
      serverUrl,
      { method, path, text, headers, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) },
      (serverTime) => {
        this.#offsetMs = serverTime.epochMilliseconds - clock.now().epochMilliseconds;
      },
    );
  }
}

interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** One request and its JSON answer. Throws `ServerRefusal`; `onSkew` gets the server's time if the clocks differ too much. */
export async function exchange(
  serverUrl: string,
  { method, path, text, headers, signal }: Exchange,
  onSkew: (serverTime: Temporal.Instant) => void,
): Promise<unknown> {
  let response: Response;
  let answer: string;
  try {
    const request =
      method === 'GET'
        ? { method, headers }
        : { method, headers: { ...headers, 'content-type': 'application/json' }, body: text };
    // A redirect could carry a signed request to another host; a server that moved is a matter for a person.
    response = await fetch(new URL(path, serverUrl), { ...request, signal, redirect: 'error' });
    answer = await response.text();
  } catch (error) {
    throw new ServerRefusal(
      0,
      isBeforeSending(error) ? UNREACHED : 'agent.unreachable',
      `${serverUrl} cannot be reached: ${reasonOf(error)}.`,
    );
  }
  const json = parseJson(answer);
  if (response.ok) return json;
  const refusal = refusalSchema.safeParse(json);
  if (!refusal.success)
    throw new ServerRefusal(
      response.status,
      'agent.strange-answer',
      `${serverUrl} answered ${response.status}, and not as a Bailiwick server.`,
    );
  const { code, detail, serverTime } = refusal.data;
  if (code === 'agent.clock-skew' && serverTime !== undefined) onSkew(Temporal.Instant.from(serverTime));
  throw new ServerRefusal(response.status, code, detail ?? `The server refused (${code}).`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Failures of finding and connecting, before any byte of the request left. */
function isBeforeSending(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(cause?.code ?? '');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

/** Refuses to send tokens and script output over a wire that anybody can read; loopback has no wire. Throws for what is no HTTP URL. */
export function checkServerUrl(serverUrl: string, options: { allowsPlainHttp?: boolean } = {}): string {
  const url = URL.parse(serverUrl);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new Error(`--server must be an http or https URL, not ${serverUrl}.`);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !isLoopback && options.allowsPlainHttp !== true) {
    throw new Error(
      `${url.origin} is not encrypted. Use https, or add --allow-http if something else protects the way.`,
    );
  }
  return url.origin;
}
