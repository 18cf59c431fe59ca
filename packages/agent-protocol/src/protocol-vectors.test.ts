import { describe, expect, it } from 'vitest';
import canonicalCases from './vectors/canonical-json.json' with { type: 'json' };
import orderVectors from './vectors/orders.json' with { type: 'json' };
import requestVectors from './vectors/requests.json' with { type: 'json' };
import {
  canonicalJson,
  canonicalRequest,
  importSigningKey,
  ProtocolError,
  readSignatureClaim,
  sha256Hex,
  signRequest,
  verifyOrder,
  verifyRequest,
} from './index.ts';

function altered(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  const object = value as Record<string, unknown>;
  return { ...object, [key]: altered(object[key], rest, replacement) };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'accepted';
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

describe('canonicalJson', () => {
  it.each(canonicalCases)('writes what RFC 8785 says: $why', ({ value, text, sha256 }) => {
    expect(canonicalJson(value)).toBe(text);
    expect(sha256Hex(text)).toBe(sha256);
  });
});

describe('signRequest', () => {
  it.each(requestVectors.cases)(
    'signs $request.method $request.path as the vector says, and the signature verifies',
    async ({ request, text, headers }) => {
      const key = await importSigningKey(requestVectors.privateKey);
      expect(key.publicKey).toBe(requestVectors.publicKey);
      expect(canonicalRequest(request)).toBe(text);
      expect(await signRequest(key, request)).toEqual(headers);
      const claim = readSignatureClaim((name) => (headers as Record<string, string>)[name]);
      const now = Temporal.Instant.from(request.timestamp).epochMilliseconds;
      expect(await codeOf(verifyRequest(key.publicKey, claim, request, now))).toBe('accepted');
      expect(await codeOf(verifyRequest(key.publicKey, claim, request, now + 300_500))).toBe('agent.clock-skew');
      for (const change of [{ method: 'GET' }, { path: '/agent/v1/reports?x=2' }, { body: '{"entries":[1]}' }]) {
        expect(await codeOf(verifyRequest(key.publicKey, claim, { ...request, ...change }, now))).toBe(
          'agent.bad-signature',
        );
      }
    },
  );
});

describe('verifyOrder', () => {
  const now = Temporal.Instant.from(orderVectors.now).epochMilliseconds;

  it('accepts the order of the vector', async () => {
    const order = await verifyOrder(orderVectors.binding, orderVectors.signed, now);
    expect(order).toMatchObject({ kind: 'script', payload: { interpreter: 'shell', timeoutSeconds: 60 } });
  });

  it.each(orderVectors.refused)('refuses $why', async ({ path, value, code }) => {
    expect(await codeOf(verifyOrder(orderVectors.binding, altered(orderVectors.signed, path, value), now))).toBe(code);
  });

  it('refuses a payload that has no canonical form', async () => {
    const order = altered(orderVectors.signed, ['payload', 'body'], '\uD800');
    expect(await codeOf(verifyOrder(orderVectors.binding, order, now))).toBe('agent.order-altered');
  });

  it.each([
    ['mspId', 'agent.order-other-msp'],
    ['clientId', 'agent.order-other-client'],
    ['assetId', 'agent.order-other-asset'],
    ['agentId', 'agent.order-other-agent'],
  ])('refuses an order whose %s is not its own', async (field, code) => {
    const binding = { ...orderVectors.binding, [field]: '0197a000-0000-7000-8000-00000000dead' };
    expect(await codeOf(verifyOrder(binding, orderVectors.signed, now))).toBe(code);
  });

  it('refuses an order after its time, before its time, and from another key', async () => {
    const { issuedAt, expiresAt } = orderVectors.signed.envelope;
    const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
    expect(await codeOf(verifyOrder(orderVectors.binding, orderVectors.signed, at(expiresAt)))).toBe(
      'agent.order-expired',
    );
    expect(await codeOf(verifyOrder(orderVectors.binding, orderVectors.signed, at(issuedAt) - 300_001))).toBe(
      'agent.order-from-future',
    );
    const binding = { ...orderVectors.binding, orderKey: requestVectors.publicKey };
    expect(await codeOf(verifyOrder(binding, orderVectors.signed, now))).toBe('agent.order-signature');
  });
});
