import { createHash } from 'node:crypto';
import type { Delivery, Handshake, Json, VerifySpec } from '@bailiwick/sdk';
import type { WebhookDescription } from '../description.ts';
import { isSigned, signedBytes } from './delivery-signature.ts';
import { isSame, pointedAt } from './delivery-secret.ts';

/** A request to a webhook's address, as it came. */
export interface RawDelivery {
  /** Any case; a header that came twice joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: Uint8Array;
  readonly query: Readonly<Record<string, string>>;
}

/** What the templates of a webhook may name. */
export interface DeliverySecrets {
  readonly config: Readonly<Record<string, Json>>;
  readonly secret: Readonly<Record<string, string>>;
}

export type VerifiedDelivery =
  | {
      readonly ok: true;
      readonly delivery: Delivery;
      /**
       * A delivery that shares one of these with an earlier one is a second one: the vendor's id, and where that is not signed, the digest of what is.
       * Keep them as long as a replay could come.
       */
      readonly replayIds: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

/** Bodies beyond it are refused unread; no vendor's delivery comes near. */
const MAX_BODY = 4 * 1024 * 1024;
/** Standard Webhooks 1.0: five minutes. */
const STANDARD_TOLERANCE_SECONDS = 300;
/** Headers that carry credentials whatever the scheme; a plugin is not shown them. */
const HIDDEN = ['authorization', 'cookie', 'proxy-authorization'];

/**
 * Whether a delivery is the vendor's, judged on its raw bytes, in constant time, before any code of the plugin runs.
 *
 * @param now for time stamps
 * @returns the delivery without what carried the secret, or why it is refused (for the operator; the sender is told nothing but 401)
 */
export function verifyDelivery(
  webhook: Pick<WebhookDescription, 'verify' | 'idHeader'>,
  raw: RawDelivery,
  secrets: DeliverySecrets,
  now: Temporal.Instant,
): VerifiedDelivery {
  if (raw.rawBody.byteLength > MAX_BODY) return refused('the body is larger than 4 MiB');
  const headers = lowerCase(raw.headers);
  const { verify } = webhook;
  const problem = verdict(verify, { headers, rawBody: raw.rawBody }, secrets, now);
  if (problem !== null) return refused(problem);
  const digest = createHash('sha256')
    .update(signedBytes(verify, headers, raw.rawBody))
    .digest('base64url');
  const idHeader = webhook.idHeader?.toLowerCase() ?? (verify.kind === 'standard-webhooks' ? 'webhook-id' : undefined);
  const named = idHeader === undefined ? undefined : headers[idHeader];
  const id = named === undefined || named === '' || named.length > 500 ? digest : named;
  const body = new TextDecoder().decode(raw.rawBody);
  const delivery: Delivery = {
    id,
    headers: without(headers, secretHeaders(verify)),
    query: Object.fromEntries(Object.entries(raw.query)),
    body,
    json: parsed(body),
  };
  const isIdSigned = idHeader !== undefined && signsHeader(verify, idHeader);
  const isForgeable = verify.kind === 'hmac' && id !== digest && !isIdSigned;
  return { ok: true, delivery, replayIds: isForgeable ? [id, digest] : [id] };
}

/** What to answer, as plain text, where the request is the vendor's question before the first delivery; null where it is not. */
export function answerHandshake(
  handshake: Handshake | undefined,
  query: Readonly<Record<string, string>>,
): string | null {
  if (handshake === undefined || !Object.hasOwn(query, handshake.query)) return null;
  const challenge = query[handshake.query] ?? '';
  return challenge !== '' && challenge.length <= 2000 ? challenge : null;
}

interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: Uint8Array;
}

/** Null where the delivery is the vendor's, or what is wrong. */
function verdict(
  verify: VerifySpec,
  received: Received,
  secrets: DeliverySecrets,
  now: Temporal.Instant,
): string | null {
  const { headers, rawBody } = received;
  const matches = (given: string | undefined, template: string): string | null => {
    const expected = fill(template, secrets);
    if (expected === null) return 'the secret is not set';
    return given !== undefined && isSame(given, expected) ? null : 'the secret is not the right one';
  };
  switch (verify.kind) {
    case 'address':
      return null;
    case 'header':
      return matches(headers[verify.name.toLowerCase()], verify.value);
    case 'body': {
      const expected = fill(verify.value, secrets);
      if (expected === null) return 'the secret is not set';
      const found = pointedAt(parsed(new TextDecoder().decode(rawBody)), verify.pointer);
      const areRight = found.length > 0 && found.every((value) => typeof value === 'string' && isSame(value, expected));
      return areRight ? null : 'the secret is not the right one';
    }
    case 'basic': {
      const user = fill(verify.username, secrets);
      const password = fill(verify.password, secrets);
      if (user === null || password === null) return 'the secret is not set';
      const expected = Buffer.from(`${user}:${password}`).toString('base64');
      const given = /^basic +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
      return given !== undefined && isSame(given, expected) ? null : 'the secret is not the right one';
    }
    case 'hmac':
    case 'standard-webhooks': {
      const secret = fill(verify.secret, secrets);
      if (secret === null) return 'the secret is not set';
      return (
        timestampProblem(verify, headers, now) ??
        (isSigned(verify, headers, rawBody, secret) ? null : 'the signature does not match')
      );
    }
  }
}

function timestampProblem(
  verify: Extract<VerifySpec, { kind: 'hmac' | 'standard-webhooks' }>,
  headers: Readonly<Record<string, string>>,
  now: Temporal.Instant,
): string | null {
  const stamp =
    verify.kind === 'hmac'
      ? verify.timestamp
      : { header: 'webhook-timestamp', toleranceSeconds: STANDARD_TOLERANCE_SECONDS };
  if (stamp === undefined) return null;
  const text = headers[stamp.header.toLowerCase()] ?? '';
  if (!/^\d{1,12}$/.test(text)) return 'the time stamp is missing';
  const offSeconds = Math.abs(now.epochMilliseconds / 1000 - Number(text));
  return offSeconds <= stamp.toleranceSeconds ? null : 'the time stamp is too far off';
}

/** The template with its places filled; null where a place is empty or unknown: an empty secret would let everybody in. */
function fill(template: string, { config, secret }: DeliverySecrets): string | null {
  let isComplete = true;
  const filled = template.replaceAll(/\{(config|secret)\.([A-Za-z0-9]+)\}/g, (_, source: string, name: string) => {
    const values: Readonly<Record<string, Json>> = source === 'config' ? config : secret;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (typeof value === 'string' && value !== '') return value;
    isComplete = false;
    return '';
  });
  return isComplete && filled !== '' ? filled : null;
}

function signsHeader(verify: VerifySpec, name: string): boolean {
  if (verify.kind === 'standard-webhooks') return name === 'webhook-id';
  return verify.kind === 'hmac' && verify.signed.toLowerCase().includes(`{header.${name}}`);
}

function secretHeaders(verify: VerifySpec): readonly string[] {
  return verify.kind === 'header' ? [...HIDDEN, verify.name.toLowerCase()] : HIDDEN;
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function without(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function refused(reason: string): VerifiedDelivery {
  return { ok: false, reason };
}
