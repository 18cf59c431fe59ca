import { Egress, EgressFailed, EgressRefused, type Resolve } from '@bailiwick/plugin-runtime';
import { InvalidInputError } from '#kernel/errors';

/** What a feed answered: its text with what to ask by next time, or that it is as it was. */
export type FetchedFeed =
  | { readonly isSame: true }
  | {
      readonly isSame: false;
      readonly text: string;
      readonly etag: string | null;
      readonly lastModified: string | null;
    };

/** By what the last answer is known again. */
export interface KnownAnswer {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 1_000_000;
const MAX_REDIRECTS = 3;
/** A header that is longer is nothing to ask by. */
const MAX_TAG = 500;

/**
 * Fetches feeds by https, through the egress that plugins' connections have: every address of the host is judged and the connection made to a judged one, redirects stay on the host,
 * and size and time are limited.
 */
export class FetchFeed {
  readonly #allowed: readonly string[];
  readonly #ca: readonly string[];
  readonly #resolve: Resolve | undefined;

  /** @param options.allowed hosts and CIDR blocks that may be reached although they are private */
  constructor(options: { allowed: readonly string[]; ca?: readonly string[]; resolve?: Resolve }) {
    this.#allowed = options.allowed.map((entry) => entry.toLowerCase());
    this.#ca = options.ca ?? [];
    this.#resolve = options.resolve;
  }

  /** Throws `holiday-feeds.not-fetched`, whose message says why and names no address with its query. */
  async run(address: string, known: KnownAnswer): Promise<FetchedFeed> {
    const url = new URL(address);
    const egress = new Egress({
      policy: { hosts: [], origins: [url.origin], networks: this.#allowed },
      certificateAuthorities: this.#ca,
      maxBodyBytes: MAX_BYTES,
      ...(this.#resolve === undefined ? {} : { resolve: this.#resolve }),
    });
    try {
      const answer = await egress.send(
        {
          method: 'GET',
          url: url.href,
          headers: {
            accept: 'text/calendar, text/plain;q=0.5, */*;q=0.1',
            'user-agent': 'Bailiwick',
            ...(known.etag === null ? {} : { 'if-none-match': known.etag }),
            ...(known.lastModified === null ? {} : { 'if-modified-since': known.lastModified }),
          },
          body: null,
          timeoutMs: TIMEOUT_MS,
          maxRedirects: MAX_REDIRECTS,
          isIdempotent: true,
          credential: null,
        },
        AbortSignal.timeout(TIMEOUT_MS),
      );
      if (answer.status === 304) return { isSame: true };
      if (answer.status !== 200) throw notFetched(`${url.host} answered with status ${answer.status}.`);
      return {
        isSame: false,
        text: textOf(answer.body, url.host),
        etag: tagOf(answer.headers['etag']),
        lastModified: tagOf(answer.headers['last-modified']),
      };
    } catch (error) {
      if (error instanceof EgressRefused) throw notFetched(refusedWords(error), error);
      if (error instanceof EgressFailed) throw notFetched(error.message, error);
      throw error;
    } finally {
      egress.close();
    }
  }
}

function refusedWords({ reason, host, message }: EgressRefused): string {
  if (reason === 'address')
    return `${message} Whoever runs the server can allow a private one with MAIL_PRIVATE_HOSTS.`;
  return reason === 'host' ? `The feed redirects to ${host}. Subscribe to that address instead.` : message;
}

function textOf(body: Uint8Array, host: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw notFetched(`What ${host} answered is no text in UTF-8.`, cause);
  }
}

function tagOf(value: string | undefined): string | null {
  return value === undefined || value.length > MAX_TAG ? null : value;
}

function notFetched(reason: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError('holiday-feeds.not-fetched', reason, {
    fields: [{ path: ['url'], message: reason }],
    ...(cause === undefined ? {} : { cause }),
  });
}
