import * as z from 'zod';
import { isStorable, storable } from '../rules/storable.ts';

const id = z.string().min(1).max(64);
const level = z.enum(['debug', 'info', 'warn']);
const seq = z.int().min(1);
const key = z.string().min(1).max(200).refine(isStorable, 'has broken or null characters');
/** What a person will read: it may quote a vendor who says anything. */
const words = (max: number) => z.string().max(max).transform(storable);

const request = z.strictObject({
  url: z.string().min(1).max(8192),
  options: z.strictObject({
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).exactOptional(),
    query: z.record(z.string().max(200), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
    headers: z.record(z.string().max(200), z.string().max(8192)).exactOptional(),
    reads: z.literal(true).exactOptional(),
    auth: z.literal('none').exactOptional(),
    aws: z.strictObject({ service: z.string().max(100), region: z.string().max(100) }).exactOptional(),
    accept: z.array(z.int().min(100).max(599)).max(100).exactOptional(),
    timeoutSeconds: z.number().positive().max(120).exactOptional(),
    contentType: z.string().max(200).exactOptional(),
    body: z.union([z.strictObject({ text: z.string() }), z.strictObject({ base64: z.base64() })]).exactOptional(),
  }),
});

/** Everything that a sandbox may say. What a plugin yields or answers is `value`, judged by whoever asked for it. */
const guestMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pong') }),
  z.strictObject({ kind: z.literal('done'), id, value: z.unknown().optional() }),
  z.strictObject({ kind: z.literal('item'), id, value: z.unknown().optional() }),
  z.strictObject({
    kind: z.literal('failed'),
    id,
    name: words(100),
    message: words(1000),
    details: z.looseObject({}),
    stack: words(4000),
  }),
  z.discriminatedUnion('service', [
    z.strictObject({ kind: z.literal('ask'), id, seq, service: z.literal('http'), request }),
    z.strictObject({ kind: z.literal('ask'), id, seq, service: z.literal('stateGet'), key }),
    z.strictObject({
      kind: z.literal('ask'),
      id,
      seq,
      service: z.literal('stateSet'),
      key,
      value: z.unknown().optional(),
    }),
    z.strictObject({ kind: z.literal('ask'), id, seq, service: z.literal('stateDelete'), key }),
  ]),
  z.discriminatedUnion('what', [
    z.strictObject({
      kind: z.literal('tell'),
      id,
      what: z.literal('log'),
      level,
      message: words(2000),
      fields: z.unknown().optional(),
    }),
    z.strictObject({ kind: z.literal('tell'), id, what: z.literal('issue'), issue: z.unknown() }),
  ]),
  z.strictObject({ kind: z.literal('console'), level, message: words(2000) }),
]);

export type GuestMessage = z.infer<typeof guestMessage>;
export type GuestAsk = Extract<GuestMessage, { kind: 'ask' }>;
export type GuestTell = Extract<GuestMessage, { kind: 'tell' }>;

/** A line of the sandbox as a message; null where it is none. */
export function readGuestMessage(line: string): GuestMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = guestMessage.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Whether the request itself is what is wrong: then the author is told, instead of the sandbox stopped. */
export function requestProblem(
  line: string,
): { readonly id: string; readonly seq: number; readonly problem: string } | null {
  const ask = z.looseObject({
    kind: z.literal('ask'),
    id,
    seq,
    service: z.enum(['http', 'stateGet', 'stateSet', 'stateDelete']),
  });
  try {
    const value: unknown = JSON.parse(line);
    const { id: call, seq: number } = ask.parse(value);
    const issue = guestMessage.safeParse(value).error?.issues[0];
    return { id: call, seq: number, problem: `${issue?.path.join('.') ?? 'request'}: ${issue?.message ?? 'is wrong'}` };
  } catch {
    return null;
  }
}
