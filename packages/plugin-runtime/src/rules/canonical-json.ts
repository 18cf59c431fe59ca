import { createHash } from 'node:crypto';
import type { Json } from '@bailiwick/sdk';

/** JSON with its keys in code-unit order and no blanks: equal values have equal texts (RFC 8785 for what JSON.stringify writes). */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** SHA-256 over the canonical JSON, in base64url. */
export function jsonHash(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
