import { NotSupported, type Placement } from '@bailiwick/sdk';
import { fill, fillHeader, type Values } from './template.ts';

/** A request while it is being made. Header names are in lower case. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Record<string, string>;
  body: Uint8Array | null;
  /** Names of headers that hold a credential. */
  readonly credentialHeaders: Set<string>;
  isCredentialInBody: boolean;
}

/**
 * Headers that are not a plugin's to set: the transport's own, those of one hop (RFC 9110 §7.6.1), those that claim another sender, and cookies, which
 * would be a session beside the connection's credential.
 */
const reserved =
  /^(host|content-length|accept-encoding|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|expect|cookie|forwarded|x-forwarded-.*|x-real-ip|via)$/;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Takes the headers that a plugin wants. `authorization` is its own only in a request without the connection's credential (a link that the vendor signed).
 *
 * @throws NotSupported naming the header
 */
export function pluginHeaders(
  headers: Readonly<Record<string, string>>,
  isWithoutCredential: boolean,
): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => {
    const key = name.toLowerCase();
    const isRefused = !token.test(name) || reserved.test(key) || (key === 'authorization' && !isWithoutCredential);
    if (isRefused) throw new NotSupported(`A plugin may not set the header ${JSON.stringify(name)}.`);
    if (typeof value !== 'string' || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new NotSupported(`The header "${key}" holds signs that a header cannot carry.`);
    return [key, value] as const;
  });
  return Object.fromEntries(entries);
}

/** Sets a query parameter, encoded as RFC 3986 says: AWS signs `%20`, and a plus is a plus. */
export function setQuery(url: URL, name: string, value: string): void {
  const key = encodeURIComponent(name);
  const others = url.search.slice(1).split('&');
  const kept = others.filter((pair) => pair !== '' && pair.split('=', 1)[0] !== key);
  url.search = [...kept, `${key}=${encodeURIComponent(value)}`].join('&');
}

/** Puts a credential where the author said. It replaces what the plugin put there. */
export function place(outgoing: Outgoing, placement: Placement, values: Values): void {
  switch (placement.in) {
    case 'header':
      setCredentialHeader(outgoing, placement.name, fillHeader(placement.value, values));
      return;
    case 'query':
      setQuery(outgoing.url, placement.name, fill(placement.value, values));
      return;
    case 'body':
      placeInBody(outgoing, placement, values);
  }
}

export function setCredentialHeader(outgoing: Outgoing, name: string, value: string): void {
  const key = name.toLowerCase();
  outgoing.headers[key] = value;
  outgoing.credentialHeaders.add(key);
}

type BodyPlacement = Extract<Placement, { readonly in: 'body' }>;

function placeInBody(outgoing: Outgoing, placement: BodyPlacement, values: Values): void {
  const body = jsonOf(outgoing.body);
  const members: readonly unknown[] = Array.isArray(body) ? body : [body];
  let hasPlaced = false;
  for (const member of members) {
    if (!isObject(member)) throw new NotSupported('The credential goes into the JSON body, and this request has none.');
    const method = member['method'];
    if (typeof method === 'string' && placement.except?.includes(method) === true) continue;
    setAt(member, placement.pointer, fill(placement.value, values));
    hasPlaced = true;
  }
  if (!hasPlaced) return;
  outgoing.body = Buffer.from(JSON.stringify(body));
  outgoing.isCredentialInBody = true;
}

function jsonOf(body: Uint8Array | null): unknown {
  try {
    return body === null ? null : JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

/** Sets what a JSON pointer (RFC 6901) names; objects on the way are made. */
function setAt(target: Record<string, unknown>, pointer: string, value: string): void {
  const steps = stepsOf(pointer);
  const last = steps.pop();
  if (last === undefined) throw new NotSupported('The pointer of a credential names the whole body.');
  let at = target;
  for (const step of steps) {
    const inner = Object.hasOwn(at, step) ? at[step] : undefined;
    const next: Record<string, unknown> = isObject(inner) ? inner : {};
    define(at, step, next);
    at = next;
  }
  define(at, last, value);
}

/** What a JSON pointer names in an answer; undefined where nothing is there. */
export function valueAt(json: unknown, pointer: string): unknown {
  return stepsOf(pointer).reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? Reflect.get(at, step) : undefined,
    json,
  );
}

function stepsOf(pointer: string): string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** As an own property, whatever its name: `__proto__` too. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
