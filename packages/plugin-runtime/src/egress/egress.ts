import { request as requestPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestTls } from 'node:https';
import { EgressFailed, EgressRefused } from './egress-error.ts';
import { endedFailure, networkFailure } from './network-failure.ts';
import { ConnectionPool, pinnedLookup } from './pinned-agent.ts';
import { checkAddress, checkUrl, literalOf, portOf, type EgressPolicy } from './policy.ts';
import { receiveBody } from './receive-body.ts';
import { nextHop, type Hop } from './redirect.ts';
import { systemResolve, type Resolve } from './resolve.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';

/** How one connection's egress is set up. */
export interface EgressOptions {
  readonly policy: EgressPolicy;
  /** Certificate authorities (PEM) that an administrator approved for this connection, besides the public ones. */
  readonly certificateAuthorities?: readonly string[];
  /** The system's where absent. */
  readonly resolve?: Resolve;
  /** Body after decompression; 32 MiB where absent. */
  readonly maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** All header lines of an answer. Node's own default is 16 KiB, which some single sign-on answers exceed. */
const MAX_HEADER_BYTES = 32 * 1024;

const MAX_REDIRECTS = 5;

/** Whether a byte of the request, or of one before a redirect, can have reached a server. */
interface Wire {
  isOpen: boolean;
}

interface How {
  readonly isIdempotent: boolean;
  readonly ended: AbortSignal;
  readonly wire: Wire;
}

/** One answer before its redirects. */
interface Answer {
  readonly response: IncomingMessage;
  readonly body: Uint8Array;
}

/**
 * HTTP(S) of one connection that cannot be led astray: host, port and scheme are approved; every address that the host stands for is checked, and the
 * connection is made to a checked one; each redirect is checked like the first request; sizes and times are capped. No proxy, no cookies.
 * One instance for each (plugin, connection), so that open connections are never shared between two.
 *
 * @example
 * const egress = new Egress({ policy: egressPolicy(manifest.egress, config, approvals) });
 */
export class Egress implements Transport {
  readonly #policy: EgressPolicy;
  readonly #resolve: Resolve;
  readonly #maxBodyBytes: number;
  readonly #pool: ConnectionPool;
  readonly #closing = new AbortController();

  constructor(options: EgressOptions) {
    this.#policy = options.policy;
    this.#resolve = options.resolve ?? systemResolve;
    this.#maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
    this.#pool = new ConnectionPool(options.policy, options.certificateAuthorities);
  }

  async send(request: TransportRequest, signal: AbortSignal): Promise<TransportResponse> {
    const givenUp = AbortSignal.any([signal, this.#closing.signal]);
    const clock = AbortSignal.timeout(request.timeoutMs);
    const ended = AbortSignal.any([givenUp, clock]);
    const most = Math.min(request.maxRedirects, MAX_REDIRECTS);
    let hop: Hop = request;
    const wire: Wire = { isOpen: false };
    for (let redirects = 0; ; redirects += 1) {
      const url = checkUrl(this.#policy, hop.url);
      const { response, body } = await this.#exchange(url, hop, {
        isIdempotent: request.isIdempotent,
        ended,
        wire,
      }).catch((error: unknown) => {
        if (error instanceof EgressRefused) throw error;
        if (ended.aborted) throw endedFailure(url.hostname, givenUp.aborted);
        throw afterWire(networkFailure(error, url.hostname), wire);
      });
      const status = response.statusCode ?? 0;
      const next = nextHop(hop, status, response.headers.location, request.credential);
      if (next === null) return { status, url: withoutHash(url), headers: flatHeaders(response), body };
      if (redirects >= most)
        throw new EgressRefused(
          'redirect',
          url.hostname,
          `${url.hostname} redirects, and ${most} redirects are allowed.`,
        );
      hop = next;
    }
  }

  close(): void {
    this.#closing.abort();
    this.#pool.close();
  }

  async #exchange(url: URL, hop: Hop, how: How): Promise<Answer> {
    how.ended.throwIfAborted();
    const addresses = await orEnd(this.#addressesOf(url), how.ended);
    const response = await this.#request(url, hop, addresses, how);
    return { response, body: await receiveBody(response, url.hostname, this.#maxBodyBytes, how.ended) };
  }

  /** Every address of the host, each of them checked: one bad address among good ones is an attack, or a mistake that looks like one. */
  async #addressesOf(url: URL): Promise<readonly string[]> {
    const literal = literalOf(url);
    if (literal !== null) return [literal];
    const addresses = await this.#resolve(url.hostname);
    for (const address of addresses) checkAddress(this.#policy, url.hostname, address);
    if (addresses.length === 0) throw new EgressFailed('dns', url.hostname, `No address is known for ${url.hostname}.`);
    return addresses;
  }

  #request(url: URL, hop: Hop, addresses: readonly string[], how: How): Promise<IncomingMessage> {
    const options: RequestOptions = {
      agent: this.#pool.agentFor(url, how.isIdempotent),
      host: literalOf(url) ?? url.hostname,
      port: portOf(url),
      path: `${url.pathname}${url.search}`,
      method: hop.method,
      headers: wireHeaders(hop),
      lookup: pinnedLookup(addresses),
      maxHeaderSize: MAX_HEADER_BYTES,
      signal: how.ended,
    };
    return new Promise((resolve, reject) => {
      const isTls = url.protocol === 'https:';
      const request = isTls ? requestTls(options) : requestPlain(options);
      request.once('socket', (socket) => {
        if (request.reusedSocket) how.wire.isOpen = true;
        else socket.once(isTls ? 'secureConnect' : 'connect', () => (how.wire.isOpen = true));
      });
      request.once('response', resolve);
      // Stays for the whole life: an error after the answer began is told by the answer's own stream.
      request.on('error', reject);
      request.end(hop.body ?? undefined);
    });
  }
}

/** A failure that looks like one of connecting (an alert of TLS, the target of a redirect) is none where something was sent before. */
function afterWire(failed: EgressFailed | EgressRefused, wire: Wire): EgressFailed | EgressRefused {
  if (failed instanceof EgressRefused || !failed.isUnsent || !wire.isOpen) return failed;
  return new EgressFailed(failed.failure, failed.host, failed.message, { isUnsent: false, cause: failed.cause });
}

function wireHeaders(hop: Hop): Record<string, string> {
  const headers: Record<string, string> = { ...hop.headers, 'accept-encoding': 'gzip, br' };
  if (hop.body !== null) headers['content-length'] = String(hop.body.byteLength);
  return headers;
}

function flatHeaders(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers).flatMap(([name, value]) => {
    if (value === undefined || name === 'content-encoding' || name === 'content-length') return [];
    return [[name, typeof value === 'string' ? value : value.join(', ')] as const];
  });
  return Object.fromEntries(entries);
}

function withoutHash(url: URL): string {
  return url.hash === '' ? url.href : url.href.slice(0, -url.hash.length);
}

/** The answer, or the end: a name that is never resolved may not hold a call for ever. */
function orEnd<T>(work: Promise<T>, ended: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new Error('ended'));
    ended.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => ended.removeEventListener('abort', end));
  });
}
