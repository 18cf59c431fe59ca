import { z } from 'zod';
import { sha256Hex, signatureSchema, signText, verifyText, type SigningKey } from './keys.ts';
import { LIMITS } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';

/** The headers that carry an agent's signature; all lower case, as Fetch gives them. */
export const SIGNATURE_HEADERS = {
  agent: 'bailiwick-agent',
  timestamp: 'bailiwick-timestamp',
  nonce: 'bailiwick-nonce',
  signature: 'bailiwick-signature',
} as const;

/** What is signed of a request. `path` is the path with its query, as sent: `/agent/v1/orders?wait=25`. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array | string;
  readonly agentId: string;
  /** RFC 3339 in UTC with milliseconds, by the agent's clock. */
  readonly timestamp: string;
  /** The run of the agent that sends, a UUID made at its start. */
  readonly runId: string;
  /** Rises by one with each request of the run; the hello has 1. With the run it is the nonce. */
  readonly counter: number;
}

/** The text that is signed: one value a line, so that no two requests have the same. */
export function canonicalRequest(request: SignedRequest): string {
  const { method, path, agentId, timestamp, runId, counter, body } = request;
  return [
    'bailiwick-agent-request-v1',
    method.toUpperCase(),
    path,
    agentId,
    timestamp,
    `${runId}.${counter}`,
    sha256Hex(body),
  ].join('\n');
}

/** Signs a request; the answer is its headers. */
export async function signRequest(key: SigningKey, request: SignedRequest): Promise<Record<string, string>> {
  return {
    [SIGNATURE_HEADERS.agent]: request.agentId,
    [SIGNATURE_HEADERS.timestamp]: request.timestamp,
    [SIGNATURE_HEADERS.nonce]: `${request.runId}.${request.counter}`,
    [SIGNATURE_HEADERS.signature]: await signText(key, canonicalRequest(request)),
  };
}

/** What the headers claim, before anything is verified. */
export interface SignatureClaim {
  readonly agentId: string;
  readonly timestamp: string;
  readonly signedMs: number;
  readonly runId: string;
  readonly counter: number;
  readonly signature: string;
}

const claimSchema = z.object({
  agent: z.uuid({ error: 'must be an agent id' }),
  timestamp: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, { error: 'must be a UTC time with milliseconds' }),
  nonce: z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.[1-9]\d{0,14}$/, {
    error: 'must be <run id>.<counter>',
  }),
  signature: signatureSchema,
});

/** Reads the signature headers. Throws `agent.bad-signature-headers`, naming the header. */
export function readSignatureClaim(header: (name: string) => string | undefined | null): SignatureClaim {
  const read = (name: string): string => header(name) ?? '';
  const parsed = claimSchema.safeParse({
    agent: read(SIGNATURE_HEADERS.agent),
    timestamp: read(SIGNATURE_HEADERS.timestamp),
    nonce: read(SIGNATURE_HEADERS.nonce),
    signature: read(SIGNATURE_HEADERS.signature),
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ProtocolError(
      'agent.bad-signature-headers',
      `The header bailiwick-${String(issue?.path[0] ?? 'signature')} ${issue?.message ?? 'is malformed'}.`,
    );
  }
  const { agent, timestamp, nonce, signature } = parsed.data;
  const dot = nonce.indexOf('.');
  return {
    agentId: agent,
    timestamp,
    signedMs: instantMs(timestamp),
    runId: nonce.slice(0, dot),
    counter: Number(nonce.slice(dot + 1)),
    signature,
  };
}

function instantMs(timestamp: string): number {
  try {
    return Temporal.Instant.from(timestamp).epochMilliseconds;
  } catch {
    throw new ProtocolError(
      'agent.bad-signature-headers',
      'The header bailiwick-timestamp must be a time that exists.',
    );
  }
}

/**
 * Verifies clock and signature of a request against the agent's key; whether it was seen before is `judgeReplay`'s to say. Throws
 * `agent.bad-signature` or `agent.clock-skew`, the latter only under a good signature.
 */
export async function verifyRequest(
  publicKey: string,
  claim: SignatureClaim,
  request: { method: string; path: string; body: Uint8Array | string },
  nowMs: number,
): Promise<void> {
  const text = canonicalRequest({
    ...request,
    agentId: claim.agentId,
    timestamp: claim.timestamp,
    runId: claim.runId,
    counter: claim.counter,
  });
  if (!(await verifyText(publicKey, text, claim.signature)))
    throw new ProtocolError('agent.bad-signature', 'The signature does not hold for this request.');
  const skewSeconds = Math.round(Math.abs(claim.signedMs - nowMs) / 1000);
  if (skewSeconds > LIMITS.clockSkewSeconds) {
    throw new ProtocolError(
      'agent.clock-skew',
      `The clocks of agent and server differ by ${skewSeconds} s; at most ${LIMITS.clockSkewSeconds} s are allowed.`,
    );
  }
}
