/** What of a request is a credential, so that a redirect cannot carry it away. */
export interface CarriedCredential {
  /** Names of headers, in lower case, that are dropped when a redirect leaves the origin. */
  readonly headers: readonly string[];
  /** The body holds one: it is not sent to another origin. */
  readonly isInBody: boolean;
  /** Whether a text holds a credential in any form; a redirect to such an address on another origin is refused. */
  appearsIn(text: string): boolean;
}

/** A request with everything in it, as it goes to the vendor. */
export interface TransportRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** Names in lower case. `host`, `content-length` and `accept-encoding` are the transport's. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** For the whole: name, connection, redirects, answer. */
  readonly timeoutMs: number;
  /** Followed by hand, each checked; 0 refuses any redirect. At most 5. */
  readonly maxRedirects: number;
  /** The method only reads, or twice is once: it may ride on an idle connection. */
  readonly isIdempotent: boolean;
  readonly credential: CarriedCredential | null;
}

/** The vendor's answer, whole and decompressed. */
export interface TransportResponse {
  readonly status: number;
  /** After redirects. */
  readonly url: string;
  /** Names in lower case; repeated ones are joined by a comma. Without `content-encoding` and `content-length`, which no longer hold. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Sends requests. `Egress` is the real one; the acceptance kit puts a cassette or a fake vendor in its place, and faults around either.
 * The broker has checked method, headers and host before; a transport that goes to a network checks every hop itself.
 */
export interface Transport {
  /** @throws EgressRefused, EgressFailed */
  send(request: TransportRequest, signal: AbortSignal): Promise<TransportResponse>;
  /** Closes what is kept open. */
  close(): void;
}
