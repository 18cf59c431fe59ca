import { createHmac } from 'node:crypto';
import type { VerifySpec } from '@bailiwick/sdk';
import { describe, expect, it } from 'vitest';
import { answerHandshake, verifyDelivery } from './verify-delivery.ts';

const now = Temporal.Instant.from('2026-03-01T12:00:00Z');
const stamp = String(now.epochMilliseconds / 1000);
const key = Buffer.from('0123456789abcdef0123456789abcdef');
const secrets = { config: {}, secret: { key: 'shared', standard: `whsec_${key.toString('base64')}`, empty: '' } };
const body = '{"a":1,"value":[{"clientState":"shared"},{"clientState":"shared"}]}';
const judge = (verify: VerifySpec, headers: Record<string, string> = {}, rawBody = body, idHeader?: string) =>
  verifyDelivery(
    { verify, ...(idHeader === undefined ? {} : { idHeader }) },
    { headers, rawBody: Buffer.from(rawBody), query: {} },
    secrets,
    now,
  );
const hmac = (text: string, secret: string | Buffer = 'shared') => createHmac('sha256', secret).update(text);

describe('verifyDelivery', () => {
  it('takes Standard Webhooks, one of several signatures, within five minutes', () => {
    const spec: VerifySpec = { kind: 'standard-webhooks', secret: '{secret.standard}' };
    const headers = (at: string) => ({
      'Webhook-Id': 'm1',
      'webhook-timestamp': at,
      'webhook-signature': `v1,b2xk v1,${hmac(`m1.${at}.${body}`, key).digest('base64')}`,
    });
    expect(judge(spec, headers(stamp))).toMatchObject({
      ok: true,
      replayIds: ['m1'],
      delivery: { id: 'm1', json: { a: 1 } },
    });
    expect(judge(spec, headers(String(Number(stamp) - 301)))).toMatchObject({
      ok: false,
      reason: 'the time stamp is too far off',
    });
    expect(judge(spec, headers(stamp), `${body} `)).toMatchObject({ ok: false });
    expect(judge(spec, { ...headers(stamp), 'Webhook-Id': 'm2' })).toMatchObject({ ok: false });
  });

  it('takes an HMAC over what the spec says, and knows a replay under another id', () => {
    const spec: VerifySpec = {
      kind: 'hmac',
      header: 'X-Hub-Signature-256',
      algorithm: 'sha256',
      encoding: 'hex',
      prefix: 'sha256=',
      secret: '{secret.key}',
      signed: '{body}',
    };
    const headers = { 'x-hub-signature-256': `sha256=${hmac(body).digest('hex')}` };
    const first = judge(spec, { ...headers, 'x-id': '1' }, body, 'X-Id');
    const replay = judge(spec, { ...headers, 'x-id': '2' }, body, 'X-Id');
    if (!first.ok || !replay.ok) throw new Error('refused');
    expect(first.replayIds.filter((id) => replay.replayIds.includes(id))).toHaveLength(1);
    expect(judge(spec, { 'x-hub-signature-256': hmac(body).digest('hex') })).toMatchObject({ ok: false });
    expect(
      judge(
        { ...spec, secret: '{secret.empty}' },
        { 'x-hub-signature-256': `sha256=${createHmac('sha256', '').update(body).digest('hex')}` },
      ),
    ).toMatchObject({ ok: false, reason: 'the secret is not set' });
  });

  it('compares a header, a place in the body and a password, and shows the plugin none of them', () => {
    expect(
      judge(
        { kind: 'header', name: 'X-Token', value: 'Bearer {secret.key}' },
        { 'x-token': 'Bearer shared', other: 'o', cookie: 'c' },
      ),
    ).toMatchObject({ ok: true, delivery: { headers: { other: 'o' } } });
    expect(judge({ kind: 'header', name: 'x-token', value: '{secret.none}' }, { 'x-token': '' })).toMatchObject({
      ok: false,
    });
    const clientState: VerifySpec = { kind: 'body', pointer: '/value/*/clientState', value: '{secret.key}' };
    expect(judge(clientState).ok).toBe(true);
    expect(judge(clientState, {}, '{"value":[{"clientState":"shared"},{}]}').ok).toBe(false);
    expect(judge(clientState, {}, '{"value":[]}').ok).toBe(false);
    const basic: VerifySpec = { kind: 'basic', username: 'vendor', password: '{secret.key}' };
    expect(judge(basic, { authorization: `Basic ${btoa('vendor:shared')}` }).ok).toBe(true);
    expect(judge(basic, { authorization: `Basic ${btoa('vendor:other')}` }).ok).toBe(false);
  });

  it('answers a handshake only where it is asked', () => {
    expect(answerHandshake({ query: 'validationToken' }, { validationToken: 'abc' })).toBe('abc');
    expect(answerHandshake({ query: 'validationToken' }, {})).toBeNull();
  });
});
