import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import {
  digestSchema,
  publicKeySchema,
  sha256Hex,
  signatureSchema,
  signText,
  verifyText,
  type SigningKey,
} from './keys.ts';
import { LIMITS } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';
import { boundedText } from './text.ts';
import { instantSchema } from './wire.ts';

export const scriptPayloadSchema = z.strictObject({
  interpreter: z.enum(['shell', 'python']),
  body: boundedText(LIMITS.scriptBytes).refine((body) => Buffer.byteLength(body) <= LIMITS.scriptBytes, {
    error: `must have at most ${LIMITS.scriptBytes} bytes`,
  }),
  args: z.array(boundedText(LIMITS.scriptArgumentLength, { min: 0 })).max(LIMITS.scriptArguments),
  timeoutSeconds: z.int().min(1, { error: 'must be at least 1 second' }).max(LIMITS.scriptTimeoutSeconds),
});
export type ScriptPayload = z.infer<typeof scriptPayloadSchema>;

/** Package names as dpkg and rpm allow them, never with a leading dash: they become arguments of a command. */
const packageName = z
  .string()
  .max(300)
  .regex(/^[A-Za-z0-9][A-Za-z0-9+._:-]*$/, { error: 'must be the name of a package' });

export const installUpdatesPayloadSchema = z.strictObject({
  packages: z
    .array(
      z.strictObject({
        name: packageName,
        version: z
          .string()
          .max(300)
          .regex(/^[A-Za-z0-9][A-Za-z0-9+.:~_^-]*$/, { error: 'must be the version of a package' })
          .optional(),
      }),
    )
    .min(1, { error: 'must name at least one package' })
    .max(LIMITS.updatesPerOrder),
  timeoutSeconds: z.int().min(1).max(LIMITS.scriptTimeoutSeconds),
});
export type InstallUpdatesPayload = z.infer<typeof installUpdatesPayloadSchema>;

/** Each kind of order and what it carries. */
export const ORDER_PAYLOADS = {
  script: scriptPayloadSchema,
  'install-updates': installUpdatesPayloadSchema,
  'refresh-inventory': z.strictObject({}),
  /** Follow this key from now on; valid only as an order under the key before it. */
  'succeed-order-key': z.strictObject({ orderKey: publicKeySchema }),
  /** The asset has moved to another client: what the agent pins changes with it. */
  'rebind-asset': z.strictObject({ clientId: z.uuid(), assetId: z.uuid() }),
  /** Lets orders change the machine, or stops that; a machine that is `locked` refuses. */
  'set-order-policy': z.strictObject({ orderPolicy: z.enum(['observe', 'allow']) }),
} as const;

export type OrderKind = keyof typeof ORDER_PAYLOADS;
export const ORDER_KINDS = Object.keys(ORDER_PAYLOADS) as [OrderKind, ...OrderKind[]];
export type OrderPayload<Kind extends OrderKind = OrderKind> = z.infer<(typeof ORDER_PAYLOADS)[Kind]>;

/** The kinds that change the machine, which an agent that only observes refuses. */
export const CHANGING_ORDERS: ReadonlySet<OrderKind> = new Set(['script', 'install-updates']);

/** What is signed. It names exactly one agent of one asset of one client of one MSP, and the hash of what to do. Each id is good for one run. */
export const orderEnvelopeSchema = z.strictObject({
  version: z.literal(1),
  id: z.uuid(),
  mspId: z.uuid(),
  clientId: z.uuid(),
  assetId: z.uuid(),
  agentId: z.uuid(),
  kind: z.enum(ORDER_KINDS),
  /** SHA-256 of the canonical JSON of the payload. */
  payloadHash: digestSchema,
  issuedAt: instantSchema,
  expiresAt: instantSchema,
});
export type OrderEnvelope = z.infer<typeof orderEnvelopeSchema>;

/** An order on the wire. The payload is checked by its kind only after signature and hash hold. */
export const signedOrderSchema = z.strictObject({
  envelope: orderEnvelopeSchema,
  payload: z.unknown(),
  signature: signatureSchema,
});
export type SignedOrder = z.infer<typeof signedOrderSchema>;

/** `GET /agent/v1/orders?wait=<seconds>`: answers at once if orders wait, else when one comes or the time is over. */
export const ordersAnswerSchema = z.object({ orders: z.array(z.unknown()).max(LIMITS.ordersPerPoll) });

/** Whom an agent obeys, and for what. */
export interface OrderBinding {
  readonly mspId: string;
  readonly clientId: string;
  readonly assetId: string;
  readonly agentId: string;
  readonly orderKey: string;
}

/** Signs an order. Throws a zod error if the payload is not one of its kind, `agent.order-life` if it would live too long. */
export async function signOrder<Kind extends OrderKind>(
  key: SigningKey,
  order: Omit<OrderEnvelope, 'version' | 'payloadHash' | 'kind'> & { kind: Kind; payload: OrderPayload<Kind> },
): Promise<SignedOrder> {
  const { payload: given, ...fields } = order;
  const payload = ORDER_PAYLOADS[order.kind].parse(given);
  const envelope = orderEnvelopeSchema.parse({ version: 1, ...fields, payloadHash: sha256Hex(canonicalJson(payload)) });
  refuseLongLife(envelope);
  return { envelope, payload, signature: await signText(key, orderText(envelope)) };
}

/**
 * Judges an order as the agent does, strictest first: signature by the pinned key, MSP, client, asset, agent, payload hash, times, and only then its
 * contents. Whether the id was used before is the journal's to say. Throws `ProtocolError`: `agent.order-malformed`, `-signature`, `-other-msp`,
 * `-other-client`, `-other-asset`, `-other-agent`, `-altered`, `-life`, `-from-future`, `-expired`.
 */
export async function verifyOrder(binding: OrderBinding, received: unknown, nowMs: number): Promise<VerifiedOrder> {
  const parsed = signedOrderSchema.safeParse(received);
  if (!parsed.success)
    throw new ProtocolError('agent.order-malformed', `The order is malformed: ${describe(parsed.error)}.`);
  const { envelope, payload, signature } = parsed.data;
  if (!(await verifyText(binding.orderKey, orderText(envelope), signature)))
    throw new ProtocolError('agent.order-signature', 'The order is not signed by the key that this agent pins.');
  for (const [field, name] of [
    ['mspId', 'msp'],
    ['clientId', 'client'],
    ['assetId', 'asset'],
    ['agentId', 'agent'],
  ] as const) {
    if (envelope[field] !== binding[field])
      throw new ProtocolError(
        `agent.order-other-${name}`,
        `The order is for another ${name === 'msp' ? 'MSP' : name}.`,
      );
  }
  if (hashOf(payload) !== envelope.payloadHash)
    throw new ProtocolError('agent.order-altered', 'The payload is not the one that was signed.');
  refuseTimes(envelope, nowMs);
  const contents = ORDER_PAYLOADS[envelope.kind].safeParse(payload);
  if (!contents.success)
    throw new ProtocolError('agent.order-malformed', `The payload is malformed: ${describe(contents.error)}.`);
  return { envelope, kind: envelope.kind, payload: contents.data } as VerifiedOrder;
}

/** An order that may be run, its payload by its kind. */
export type VerifiedOrder = {
  [Kind in OrderKind]: { readonly envelope: OrderEnvelope; readonly kind: Kind; readonly payload: OrderPayload<Kind> };
}[OrderKind];

function orderText(envelope: OrderEnvelope): string {
  return `bailiwick-order-v1\n${canonicalJson(envelope)}`;
}

function hashOf(payload: unknown): string | undefined {
  try {
    return sha256Hex(canonicalJson(payload));
  } catch {
    return undefined;
  }
}

function refuseTimes(envelope: OrderEnvelope, nowMs: number): void {
  refuseLongLife(envelope);
  const skewMs = LIMITS.clockSkewSeconds * 1000;
  if (epochMs(envelope.issuedAt) > nowMs + skewMs)
    throw new ProtocolError(
      'agent.order-from-future',
      `The order was issued at ${envelope.issuedAt}, after the time of this machine's clock.`,
    );
  if (epochMs(envelope.expiresAt) <= nowMs)
    throw new ProtocolError('agent.order-expired', `The order expired at ${envelope.expiresAt}.`);
}

function refuseLongLife(envelope: OrderEnvelope): void {
  const lifeMs = epochMs(envelope.expiresAt) - epochMs(envelope.issuedAt);
  if (lifeMs <= 0 || lifeMs > LIMITS.orderLifeSeconds * 1000)
    throw new ProtocolError('agent.order-life', 'An order lives longer than nothing and at most seven days.');
}

function epochMs(instant: string): number {
  return Temporal.Instant.from(instant).epochMilliseconds;
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') || 'order'} ${issue?.message ?? 'is wrong'}`;
}
