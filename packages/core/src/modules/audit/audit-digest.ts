import { createHash } from 'node:crypto';

/** What of an entry its digest covers: all of the payload, which can be erased. */
export interface AuditPayload {
  readonly summary: string;
  readonly actor_label: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly ip: string | null;
  readonly user_agent: string | null;
}

/** What of an entry the chain covers itself, and what therefore always stays. */
export interface AuditFacts {
  readonly id: string;
  readonly at: Temporal.Instant;
  readonly client_id: string | null;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly action: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly request_id: string;
  readonly is_client_visible: boolean;
}

/** The salted digest of a payload: what the chain covers in its place. The salt goes with the payload, so that an erased one cannot be guessed. */
export function digestOf(salt: Buffer, payload: AuditPayload): Buffer {
  const { summary, actor_label, before, after, ip, user_agent } = payload;
  const canonical = canonicalJson([summary, actor_label, before, after, ip, user_agent]);
  return createHash('sha256').update(salt).update(canonical).digest();
}

/** A link of the chain: over the one before it, its own place, the facts, and the payload's digest. */
export function sealOf(previous: Buffer, sequence: number, facts: AuditFacts, digest: Buffer): Buffer {
  const fields = [
    sequence,
    facts.id,
    facts.at.toString(),
    facts.client_id,
    facts.actor_kind,
    facts.actor_id,
    facts.action,
    facts.subject_kind,
    facts.subject_id,
    facts.request_id,
    facts.is_client_visible,
  ];
  return createHash('sha256').update(previous).update(canonicalJson(fields)).update(digest).digest();
}

/** What the first link follows. */
export const CHAIN_START: Buffer = Buffer.alloc(32);

/** JSON with the keys of every object in order: `jsonb` keeps values, not the order in which they were written. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(JSON.parse(JSON.stringify(value ?? null))));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
