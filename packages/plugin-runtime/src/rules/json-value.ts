import type { Json } from '@bailiwick/sdk';
import { isStorable } from './storable.ts';

const MAX_DEPTH = 32;

/**
 * The value as plain JSON, copied: own enumerable members only, undefined members left out. Undefined where it is no JSON, deeper than 32 levels,
 * or holds text that PostgreSQL cannot keep (null characters, broken surrogates).
 */
export function asJson(value: unknown, depth = 0): Json | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return isStorable(value) ? value : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object') return undefined;
  return Array.isArray(value) ? listOf(value, depth) : objectOf(value, depth);
}

function listOf(list: readonly unknown[], depth: number): Json | undefined {
  const members: Json[] = [];
  for (const member of list) {
    const json = asJson(member, depth + 1);
    if (json === undefined) return undefined;
    members.push(json);
  }
  return members;
}

function objectOf(value: object, depth: number): Json | undefined {
  const members: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const json = asJson(member, depth + 1);
    if (json === undefined || !isStorable(key)) return undefined;
    members.push([key, json]);
  }
  return Object.fromEntries(members);
}
