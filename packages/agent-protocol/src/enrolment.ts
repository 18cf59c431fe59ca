import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { publicKeySchema, signatureSchema, signText, verifyText, type SigningKey } from './keys.ts';
import { LIMITS } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';
import { boundedText } from './text.ts';
import { instantSchema } from './wire.ts';

/** A token as `bailiwick agent token` prints it: 32 random bytes behind a prefix that secret scanners can look for. */
export const enrolmentTokenSchema = z
  .string()
  .regex(/^bwe_[A-Za-z0-9_-]{43}$/, { error: 'must be an enrolment token: bwe_ and 43 characters' });

/** What tells one machine from another, strongest first; all of it optional, containers have none. */
export const evidenceSchema = z.strictObject({
  smbiosUuid: z.uuid({ error: 'must be a UUID' }).optional(),
  serialNumber: boundedText(200).optional(),
  machineId: z
    .string()
    .regex(/^[0-9a-f]{32}$/, { error: 'must be 32 hex digits' })
    .optional(),
  macAddresses: z.array(z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, { error: 'must be a MAC address' })).max(64),
});
export type Evidence = z.infer<typeof evidenceSchema>;

const enrolFields = {
  protocolVersions: z.array(z.int().min(1).max(1_000)).min(1).max(20),
  token: enrolmentTokenSchema,
  publicKey: publicKeySchema,
  hostname: boundedText(253),
  platform: z.enum(['linux', 'darwin', 'win32']),
  agentVersion: boundedText(50),
  evidence: evidenceSchema,
  /** Whether the machine lets orders change it; see `OrderPolicy`. */
  orderPolicy: z.enum(['observe', 'allow', 'locked']),
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/, { error: 'must be 16 random bytes in base64url' }),
  timestamp: instantSchema,
};

/** `POST /agent/v1/enroll`. */
export const enrolRequestSchema = z.strictObject({ ...enrolFields, proof: signatureSchema });
export type EnrolRequest = z.infer<typeof enrolRequestSchema>;

/**
 * Who decides that orders may change the machine. `observe`: not now, an administrator can allow it by a signed `set-order-policy` order.
 * `allow`: now, an administrator can take it back. `locked`: never; only a person on the machine changes that.
 */
export type OrderPolicy = EnrolRequest['orderPolicy'];

/** The answer to an enrolment. The same request again gets the same answer and uses nothing of the token. */
export const enrolAnswerSchema = z.object({
  protocolVersion: z.int(),
  agentId: z.uuid(),
  mspId: z.uuid(),
  clientId: z.uuid(),
  assetId: z.uuid(),
  /** The MSP's key that orders are signed with; the agent pins it and follows only a successor that it signed. */
  orderKey: publicKeySchema,
  reportIntervalSeconds: z.int().min(5).max(3_600),
  serverTime: instantSchema,
});
export type EnrolAnswer = z.infer<typeof enrolAnswerSchema>;

/**
 * Signs an enrolment with the new key. The proof covers token, key and all evidence: a public key copied from somewhere cannot be enrolled, and a
 * recorded enrolment cannot be sent with other contents.
 */
export async function signEnrolment(
  key: SigningKey,
  fields: Omit<EnrolRequest, 'proof' | 'publicKey'>,
): Promise<EnrolRequest> {
  const unsigned = { ...fields, publicKey: key.publicKey };
  return { ...unsigned, proof: await signText(key, enrolmentText(unsigned)) };
}

/** Throws `agent.bad-proof` or `agent.clock-skew`. */
export async function verifyEnrolment(request: EnrolRequest, nowMs: number): Promise<void> {
  const { proof, ...unsigned } = request;
  if (!(await verifyText(request.publicKey, enrolmentText(unsigned), proof))) {
    throw new ProtocolError('agent.bad-proof', 'The proof is not a signature of this request by the key in it.');
  }
  const skewMs = Math.abs(Temporal.Instant.from(request.timestamp).epochMilliseconds - nowMs);
  if (skewMs > LIMITS.clockSkewSeconds * 1000) {
    throw new ProtocolError(
      'agent.clock-skew',
      `The clocks of agent and server differ by ${Math.round(skewMs / 1000)} s; at most ${LIMITS.clockSkewSeconds} s are allowed.`,
    );
  }
}

function enrolmentText(unsigned: Omit<EnrolRequest, 'proof'>): string {
  return `bailiwick-agent-enrolment-v1\n${canonicalJson(unsigned)}`;
}
