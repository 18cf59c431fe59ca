import type { Json } from './field.ts';

/** What a request may say. A relative address is resolved against the connection type's `baseUrl`. */
export interface HttpOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. At most one of `json`, `form`, `body`. */
  readonly json?: unknown;
  /** Sent as application/x-www-form-urlencoded. */
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Says that a POST only reads (JSON-RPC, GraphQL, query protocols): allowed while planning, retried by the host. */
  readonly reads?: true;
  /** `none` sends the request without the connection's credential. */
  readonly auth?: 'none';
  /** Which service and region to sign for, with the scheme `aws-sigv4`. */
  readonly aws?: { readonly service: string; readonly region: string };
  /** Statuses that are an answer, not an error. 2xx always is. */
  readonly accept?: readonly number[];
  /**
   * Longest wait for the answer, all attempts of the host and signing in together; 30 where absent, 120 at most. Besides, a request waits half a minute at
   * most: for its turn within the limits, and between attempts.
   */
  readonly timeoutSeconds?: number;
}

/** An answer. Bodies are read by the host, at most 32 MiB of them after decompression. */
export interface HttpResponse {
  readonly status: number;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  text(): string;
  bytes(): Uint8Array;
  /** @throws VendorBug where the body is no JSON, such as an HTML page with status 200 */
  json<T = unknown>(): T;
}

/**
 * The only way out. The host adds the credential, keeps to the declared hosts and limits, retries what may be retried (429 and 5xx with
 * Retry-After), and turns what is left into typed errors: 401 → AuthFailed, 403 → PermissionMissing, 429 → RateLimited, 5xx → Transient.
 */
export interface Http {
  /** Any request; throws typed errors for statuses that are not accepted. */
  request(url: string, options?: HttpOptions): Promise<HttpResponse>;
  /** GET, and the body as JSON. */
  get<T = unknown>(url: string, options?: HttpOptions): Promise<T>;
  /** POST of `json`, and the body as JSON. */
  post<T = unknown>(url: string, json: unknown, options?: HttpOptions): Promise<T>;
}

/** What this plugin remembers, for this connection and scope only. Values are JSON, 64 KiB each; 1 MiB for all. */
export interface State {
  get<T = unknown>(key: string): Promise<T | undefined>;
  set(key: string, value: Json): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Lines for the author and the operator; the host adds time, connection and scope, and takes secrets out. */
export interface Log {
  debug(message: string, fields?: Readonly<Record<string, Json>>): void;
  info(message: string, fields?: Readonly<Record<string, Json>>): void;
  warn(message: string, fields?: Readonly<Record<string, Json>>): void;
}

/** Something that a person should know or repair. */
export interface IssueReport {
  /** The same id is the same issue; it is raised once and closed once. Kebab case. */
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** One sentence. */
  readonly title: string;
  /** What to do about it. */
  readonly remedy?: string;
  readonly learnMore?: string;
}

/** Tells the operator what needs a person. Issues raised in a run that are not raised in the next one close by themselves. */
export interface Issues {
  raise(issue: IssueReport): void;
}

/** The partition that this call is bound to. */
export interface BoundScope {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
}

/**
 * What a call is given. It is bound to one connection, and to one scope where the call has that grain: there is nothing here that names a tenant,
 * and no way to ask for another. `state` is absent where it was not granted.
 */
export interface Context<Config = Readonly<Record<string, unknown>>> {
  readonly config: Config;
  /** The scope of this call; null for calls on the whole connection. */
  readonly scope: BoundScope | null;
  readonly http: Http;
  readonly state?: State;
  readonly log: Log;
  readonly issues: Issues;
  /** Ends when the host wants the call to end. */
  readonly signal: AbortSignal;
  /** The time, ISO 8601 in UTC; the same throughout one call. */
  readonly now: string;
  /** A number in [0, 1), from a seed that the host gives. */
  random(): number;
}

/**
 * The scope of a call that has one.
 *
 * @throws Error where the call is on the whole connection: a stream or an action that needs one has `grain: 'scope'`
 * @example
 * const { id } = scopeOf(ctx);
 */
export function scopeOf(ctx: Pick<Context, 'scope'>): BoundScope {
  if (ctx.scope === null) throw new Error('This call is on the whole connection: give it the grain "scope".');
  return ctx.scope;
}
