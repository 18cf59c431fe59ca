import { EgressRefused } from './egress-error.ts';
import type { CarriedCredential } from './transport.ts';

/** One request of a chain of redirects. */
export interface Hop {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

const redirects = new Set([301, 302, 303, 307, 308]);

/** Credentials whatever the scheme says. */
const alwaysCredential = new Set(['authorization', 'cookie', 'proxy-authorization']);

/**
 * Where a redirect leads, by RFC 9110 §15.4: 303 becomes GET, 301 and 302 turn POST into GET, 307 and 308 keep method and body.
 * Leaving the origin, credentials stay behind.
 *
 * @returns null where the answer is no redirect
 * @throws EgressRefused where a credential would go along in the body or the address
 */
export function nextHop(
  hop: Hop,
  status: number,
  location: string | undefined,
  credential: CarriedCredential | null,
): Hop | null {
  if (!redirects.has(status) || location === undefined) return null;
  const from = new URL(hop.url);
  const to = URL.parse(location, from);
  if (to === null)
    throw new EgressRefused('redirect', from.hostname, `${from.hostname} redirects to no valid address.`);
  to.hash = '';
  const kept = keepMethod(hop, status);
  if (to.origin === from.origin) return { ...kept, url: to.href };
  if ((kept.body !== null && credential?.isInBody === true) || credential?.appearsIn(to.href) === true)
    throw new EgressRefused(
      'redirect',
      from.hostname,
      `${from.hostname} redirects to another host, and a credential would go along.`,
    );
  return { ...kept, url: to.href, headers: withoutCredentials(kept.headers, credential) };
}

function keepMethod(hop: Hop, status: number): Hop {
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  if (!becomesGet || hop.method === 'GET') return hop;
  const headers = Object.entries(hop.headers).filter(([name]) => !name.startsWith('content-'));
  return { method: 'GET', url: hop.url, headers: Object.fromEntries(headers), body: null };
}

function withoutCredentials(
  headers: Readonly<Record<string, string>>,
  credential: CarriedCredential | null,
): Record<string, string> {
  const entries = Object.entries(headers).filter(
    ([name, value]) =>
      !alwaysCredential.has(name) &&
      credential?.headers.includes(name) !== true &&
      credential?.appearsIn(value) !== true,
  );
  return Object.fromEntries(entries);
}
