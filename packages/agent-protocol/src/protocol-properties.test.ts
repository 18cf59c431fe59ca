import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boundedText,
  canonicalJson,
  fitText,
  formatSeries,
  generateSigningKey,
  judgeReplay,
  parseSeries,
  reportEntrySchema,
  seriesSchema,
  signEnrolment,
  signOrder,
  startRun,
  verifyEnrolment,
  verifyOrder,
} from './index.ts';
import type { ReplayState } from './index.ts';

const RUN = '0197a000-0000-4000-8000-000000000002';

describe('canonicalJson', () => {
  it('reads back as the same value, and does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ b: 1, a: 2 })).toBe(canonicalJson({ a: 2, b: 1 }));
  });

  it.each([undefined, Number.NaN, { a: undefined }, [() => 1], '\uD800', new Map(), 1n])(
    'refuses what JSON cannot carry (%s)',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'agent.not-canonical' }));
    },
  );

  it('refuses hostile nesting with an error, not a stack overflow', () => {
    expect(() => canonicalJson(JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)))).toThrow(
      expect.objectContaining({ code: 'agent.not-canonical' }),
    );
  });
});

describe('fitText', () => {
  it('makes any text fit the schema of its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.integer({ min: 1, max: 20 }), (value, max) => {
        const hostile = `${value}\0\uD800`;
        const fitted = fitText(hostile, max);
        if (fitted !== '') expect(boundedText(max).safeParse(fitted).success).toBe(true);
      }),
    );
  });
});

describe('parseSeries', () => {
  it('reads back what formatSeries writes, whatever a label holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/), fc.string({ unit: 'grapheme', maxLength: 30 }), {
          maxKeys: 8,
          noNullPrototype: true,
        }),
        (labels) => {
          expect(parseSeries(formatSeries('filesystem.used_percent', labels))).toEqual({
            name: 'filesystem.used_percent',
            labels,
          });
        },
      ),
    );
  });

  it.each([
    '',
    'cpu',
    'CPU.usage',
    'a.b{',
    'a.b{}',
    'a.b{x="1",}',
    'a.b{b="1",a="2"}',
    'a.b{a="1",a="1"}',
    'a.b{a="\0"}',
    `a.b{a="${'x'.repeat(201)}"}`,
  ])('refuses %j', (text) => {
    expect(seriesSchema.safeParse(text).success).toBe(false);
  });
});

describe('judgeReplay', () => {
  it('accepts each counter exactly once, in whatever order requests of a window arrive', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: 40 }, (_, index) => index + 2)), (counters) => {
        let state: ReplayState = startRun({ runId: RUN, counter: 1, signedMs: 0 });
        for (const counter of counters) {
          const verdict = judgeReplay(state, { runId: RUN, counter, signedMs: counter });
          expect(verdict.kind).toBe('fresh');
          if (verdict.kind === 'fresh') state = verdict.next;
        }
        for (const counter of [1, ...counters])
          expect(judgeReplay(state, { runId: RUN, counter, signedMs: counter }).kind).toBe(
            counter > state.latestSignedMs ? 'conflict' : 'replayed',
          );
      }),
    );
  });

  it('tells a recording from a second machine by the time that was signed', () => {
    const state = startRun({ runId: RUN, counter: 5, signedMs: 1_000 });
    expect(judgeReplay(state, { runId: RUN, counter: 5, signedMs: 1_000 }).kind).toBe('replayed');
    expect(judgeReplay(state, { runId: RUN, counter: 5, signedMs: 1_001 }).kind).toBe('conflict');
    expect(judgeReplay(state, { runId: '0197a000-0000-4000-8000-000000000003', counter: 99, signedMs: 900 }).kind).toBe(
      'replayed',
    );
    expect(
      judgeReplay(state, { runId: '0197a000-0000-4000-8000-000000000003', counter: 99, signedMs: 1_100 }).kind,
    ).toBe('conflict');
  });

  it('refuses what is older than the window', () => {
    let state: ReplayState = startRun({ runId: RUN, counter: 1, signedMs: 0 });
    const jump = judgeReplay(state, { runId: RUN, counter: 1_000, signedMs: 1 });
    if (jump.kind === 'fresh') state = jump.next;
    expect(judgeReplay(state, { runId: RUN, counter: 936, signedMs: 2 }).kind).toBe('replayed');
    expect(judgeReplay(state, { runId: RUN, counter: 937, signedMs: 2 }).kind).toBe('fresh');
  });
});

describe('signOrder', () => {
  it('makes orders that verify for their own agent, whatever the script holds', async () => {
    const { key } = await generateSigningKey();
    const ids = { mspId: RUN, clientId: RUN, assetId: RUN, agentId: RUN };
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((body) => !body.includes('\0')),
        async (body) => {
          const payload = { interpreter: 'python' as const, body, args: [], timeoutSeconds: 5 };
          const order = await signOrder(key, {
            id: RUN,
            ...ids,
            kind: 'script',
            issuedAt: '2026-11-20T12:00:00Z',
            expiresAt: '2026-11-20T12:10:00Z',
            payload,
          });
          const overTheWire: unknown = JSON.parse(JSON.stringify(order));
          const verified = await verifyOrder(
            { ...ids, orderKey: key.publicKey },
            overTheWire,
            Temporal.Instant.from('2026-11-20T12:05:00Z').epochMilliseconds,
          );
          expect(verified.payload).toEqual(payload);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('signEnrolment', () => {
  const fields = {
    protocolVersions: [1],
    token: `bwe_${'a'.repeat(43)}`,
    hostname: 'web-1',
    platform: 'linux' as const,
    agentVersion: '0.1.0',
    evidence: { macAddresses: [] },
    orderPolicy: 'observe' as const,
    nonce: 'b'.repeat(22),
    timestamp: '2026-11-20T12:00:00.000Z',
  };
  const now = Temporal.Instant.from(fields.timestamp).epochMilliseconds;

  it('proves the key: another key, token or hostname under the same proof is refused', async () => {
    const { key } = await generateSigningKey();
    const other = await generateSigningKey();
    const request = await signEnrolment(key, fields);
    await verifyEnrolment(request, now);
    for (const change of [
      { publicKey: other.key.publicKey },
      { token: `bwe_${'c'.repeat(43)}` },
      { hostname: 'web-2' },
      { orderPolicy: 'allow' as const },
    ]) {
      await expect(verifyEnrolment({ ...request, ...change }, now)).rejects.toMatchObject({ code: 'agent.bad-proof' });
    }
    await expect(verifyEnrolment(request, now + 301_000)).rejects.toMatchObject({ code: 'agent.clock-skew' });
  });
});

describe('reportEntrySchema', () => {
  const head = { epoch: RUN, sequence: 1, at: '2026-11-20T12:00:00Z' };

  it.each([
    [
      'NUL',
      { stream: 'order-output', ...head, data: { orderId: RUN, index: 0, channel: 'stdout', text: 'a\0b' } },
      'data.text',
      'NUL',
    ],
    [
      'an unpaired surrogate',
      { stream: 'order-output', ...head, data: { orderId: RUN, index: 0, channel: 'stdout', text: '\uDC00' } },
      'data.text',
      'surrogate',
    ],
    [
      'a value less',
      { stream: 'metrics', ...head, data: { series: ['cpu.usage_percent'], values: [] } },
      'data.values',
      'one value',
    ],
    [
      'a series that is none',
      { stream: 'metrics', ...head, data: { series: ['cpu usage'], values: [1] } },
      'data.series.0',
      'metric',
    ],
    [
      'an unknown field',
      { stream: 'services', ...head, data: { manager: 'systemd', services: [], extra: 1 } },
      'data',
      'extra',
    ],
  ])('refuses %s and names the field', (_, entry, path, message) => {
    const issue = reportEntrySchema.safeParse(entry).error?.issues[0];
    expect(issue?.path.join('.')).toBe(path);
    expect(issue?.message).toContain(message);
  });
});
