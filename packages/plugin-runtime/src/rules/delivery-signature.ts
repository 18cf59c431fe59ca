import { createHmac } from 'node:crypto';
import type { VerifySpec } from '@bailiwick/sdk';
import { isSame } from './delivery-secret.ts';

type Signed = Extract<VerifySpec, { kind: 'hmac' | 'standard-webhooks' }>;

/** Signatures that one header may carry, for rotation. */
const MAX_SIGNATURES = 8;

/** The bytes that the signature is over; the whole body where nothing is signed. */
export function signedBytes(
  verify: VerifySpec,
  headers: Readonly<Record<string, string>>,
  rawBody: Uint8Array,
): Uint8Array {
  const text = signedText(verify);
  if (text === null) return rawBody;
  const parts = text.split(/(\{body\}|\{header\.[^}]+\})/).map((part) => {
    if (part === '{body}') return rawBody;
    const header = /^\{header\.([^}]+)\}$/.exec(part)?.[1];
    return Buffer.from(header === undefined ? part : (headers[header.toLowerCase()] ?? ''));
  });
  return Buffer.concat(parts);
}

function signedText(verify: VerifySpec): string | null {
  if (verify.kind === 'hmac') return verify.signed;
  return verify.kind === 'standard-webhooks' ? '{header.webhook-id}.{header.webhook-timestamp}.{body}' : null;
}

/** Whether any of the signatures that came is ours. */
export function isSigned(
  verify: Signed,
  headers: Readonly<Record<string, string>>,
  rawBody: Uint8Array,
  secret: string,
): boolean {
  const bytes = signedBytes(verify, headers, rawBody);
  if (verify.kind === 'standard-webhooks') return isStandardSigned(headers, bytes, secret);
  const expected = createHmac(verify.algorithm, secret).update(bytes).digest(verify.encoding);
  const given = (headers[verify.header.toLowerCase()] ?? '').split(/[,\s]+/).slice(0, MAX_SIGNATURES);
  const prefix = verify.prefix ?? '';
  return given
    .filter((text) => text.startsWith(prefix) && text.length > prefix.length)
    .map((text) => text.slice(prefix.length))
    .some((text) => isSame(verify.encoding === 'hex' ? text.toLowerCase() : text, expected));
}

/** Standard Webhooks 1.0: `v1,<base64>` entries with blanks between; the secret is base64 after `whsec_`. */
function isStandardSigned(headers: Readonly<Record<string, string>>, bytes: Uint8Array, secret: string): boolean {
  if ((headers['webhook-id'] ?? '') === '') return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.byteLength < 16) return false;
  const expected = createHmac('sha256', key).update(bytes).digest('base64');
  const given = (headers['webhook-signature'] ?? '').split(' ').slice(0, MAX_SIGNATURES);
  return given.some((entry) => entry.startsWith('v1,') && isSame(entry.slice(3), expected));
}
