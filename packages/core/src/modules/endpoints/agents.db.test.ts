import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyOrder } from '@bailiwick/agent-protocol';
import { agentDoor } from '#entry/agent/agent-door';
import { agentNeeds } from '../../composition/agent-needs.ts';
import type { ClientId, MspId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import { TestAgent } from '../../../../../test/support/test-agent.ts';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { testHttpApp } from '../../../../../test/support/test-http.ts';
import { CreateEnrolmentToken, type CreateEnrolmentTokenInput } from './create-enrolment-token.ts';
import { EndpointQueries } from './endpoint-queries.ts';
import { QueueOrder } from './queue-order.ts';
import { RevokeEnrolmentToken } from './revoke-enrolment-token.ts';
import type { ReportSink } from './endpoint-needs.ts';
import { ReportSinkToken } from './report-sink-token.ts';

let app: TestApp;
let http: Hono;
let mspId: MspId;
let clientId: ClientId;
const stored: { stream: string; count: number }[] = [];
const sink: ReportSink = {
  metrics: async (_scope, _origin, batches) => {
    stored.push({ stream: 'metrics', count: batches.length });
    return [];
  },
  updates: async (_scope, _origin, updates) => void stored.push({ stream: 'updates', count: updates.updates.length }),
  orderEnded: async () => {},
};

beforeAll(async () => {
  app = await startTestApp();
  app.container.register(ReportSinkToken, { useValue: sink });
  const msp = await buildMsp(app);
  mspId = msp.mspId;
  clientId = msp.clientIds[0]!;
  const door = agentDoor({
    needs: agentNeeds(app.container),
    clock: app.clock,
    addressOf: () => '127.0.0.1',
    limitEnrolment: () => {},
    reportError: (error) => {
      throw error;
    },
  });
  http = testHttpApp(app, new Map(), { doors: { '/agent/v1': door } });
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(() => void stored.splice(0));

async function token(changes: Partial<CreateEnrolmentTokenInput> = {}): Promise<{ token: string; tokenId: string }> {
  return app.container
    .resolve(CreateEnrolmentToken)
    .run(staffScope(mspId), { clientId, label: 'test', maxUses: 1, expiresInHours: 1, ...changes });
}

async function enrolled(): Promise<TestAgent> {
  const agent = new TestAgent(http, app.clock);
  expect((await agent.enrol((await token()).token)).status).toBe(201);
  expect((await agent.hello()).status).toBe(200);
  return agent;
}

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

async function auditSummaries(): Promise<string[]> {
  const { rows } = await app.pool.query('select 1');
  expect(rows).toHaveLength(1);
  const { ScopedDb } = await import('#platform/db/scoped-db');
  return app.container
    .resolve(ScopedDb)
    .transaction(systemScope(mspId), async (tx) =>
      (await tx.sql<{ summary: string }>('select summary from audit_entry order by id desc limit 5')).map(
        (row) => row.summary,
      ),
    );
}

describe('enrolment', () => {
  it('makes an agent and its asset, and answers the same to the same request', async () => {
    const agent = new TestAgent(http, app.clock);
    const made = await token();
    const body = JSON.stringify(await agent.enrolmentRequest(made.token));
    const first = await agent.post('/agent/v1/enroll', body, {});
    const again = await agent.post('/agent/v1/enroll', body, {});
    expect(first.status).toBe(201);
    const identity = (await first.json()) as { agentId: string; clientId: string };
    expect(identity.clientId).toBe(clientId);
    expect(((await again.json()) as { agentId: string }).agentId).toBe(identity.agentId);
  });

  it('refuses a token that is wrong, used up, expired, revoked, and leaves only an entry in the trail', async () => {
    const agentWith = async (secret: string) => codeOf(await new TestAgent(http, app.clock).enrol(secret));
    expect(await agentWith(`bwe_${'A'.repeat(43)}`)).toBe('agent.token-refused');
    const once = await token();
    expect((await new TestAgent(http, app.clock).enrol(once.token)).status).toBe(201);
    expect(await agentWith(once.token)).toBe('agent.token-used-up');
    expect((await auditSummaries())[0]).toContain('Refused to enrol srv-01');
    const revoked = await token();
    await app.container.resolve(RevokeEnrolmentToken).run(staffScope(mspId), { tokenId: revoked.tokenId as never });
    expect(await agentWith(revoked.token)).toBe('agent.token-revoked');
    const old = await token();
    app.clock.advance({ hours: 2 });
    expect(await agentWith(old.token)).toBe('agent.token-expired');
  });

  it('gives a token of three uses to three machines of ten that try at once', async () => {
    const { token: secret } = await token({ maxUses: 3 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => new TestAgent(http, app.clock).enrol(secret)));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(3);
  });

  it('refuses a public key that its sender cannot sign with', async () => {
    const agent = new TestAgent(http, app.clock);
    const request = await agent.enrolmentRequest((await token()).token);
    const stolen = { ...request, publicKey: (await enrolled()).key.publicKey };
    expect(await codeOf(await agent.post('/agent/v1/enroll', JSON.stringify(stolen), {}))).toBe('agent.bad-proof');
  });

  it.each([
    ['a NUL', { hostname: 'a\0b' }],
    ['an unpaired surrogate', { hostname: 'a\ud800' }],
  ])('refuses %s in the host name', async (_, changes) => {
    const agent = new TestAgent(http, app.clock);
    const valid = await agent.enrolmentRequest((await token()).token);
    const response = await agent.post('/agent/v1/enroll', JSON.stringify({ ...valid, ...changes }), {});
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('hostname');
  });

  it('refuses ten megabytes', async () => {
    const agent = new TestAgent(http, app.clock);
    expect((await agent.post('/agent/v1/enroll', 'x'.repeat(10_000_000), {})).status).toBe(413);
  });
});

describe('signed requests', () => {
  it('refuses one that is replayed, altered, signed with another key, or signed long ago', async () => {
    const agent = await enrolled();
    const { headers, text } = await agent.sign('POST', '/agent/v1/reports', {
      entries: [agent.entry('metrics', 1, { series: [], values: [] })],
    });
    expect((await agent.post('/agent/v1/reports', text, headers)).status).toBe(200);
    expect(await codeOf(await agent.post('/agent/v1/reports', text, headers))).toBe('agent.replayed');
    const altered = await agent.sign('POST', '/agent/v1/reports', { entries: [] });
    expect(await codeOf(await agent.post('/agent/v1/reports', `${altered.text} `, altered.headers))).toBe(
      'agent.bad-signature',
    );
    const late = await agent.sign('POST', '/agent/v1/reports', {
      entries: [agent.entry('metrics', 2, { series: [], values: [] })],
    });
    app.clock.advance({ minutes: 10 });
    expect(await codeOf(await agent.post('/agent/v1/reports', late.text, late.headers))).toBe('agent.clock-skew');
    const stranger = await enrolled();
    stranger.identity = { ...stranger.identity, agentId: agent.identity.agentId };
    expect(await codeOf(await stranger.orders())).toBe('agent.bad-signature');
  });

  it('quarantines an agent whose key is used from a second machine, and says so in the trail', async () => {
    const agent = await enrolled();
    app.clock.advance({ seconds: 30 });
    const thief = agent.copy();
    expect(await codeOf(await thief.hello())).toBe('agent.copied-key');
    expect((await auditSummaries())[0]).toContain('Quarantined');
    app.clock.advance({ seconds: 30 });
    expect(await codeOf(await agent.orders())).toBe('agent.quarantined');
    const view = await app.container
      .resolve(EndpointQueries)
      .agentOfAsset(staffScope(mspId), agent.identity.assetId as AssetId);
    expect(view).toMatchObject({ state: 'quarantined' });
  });
});

describe('reports', () => {
  it('stores each entry once, however often it is sent, and acknowledges by mark', async () => {
    const agent = await enrolled();
    const entries = [1, 2, 3].map((sequence) =>
      agent.entry('metrics', sequence, { series: ['cpu.usage_percent'], values: [sequence] }),
    );
    const first = (await (await agent.report(entries)).json()) as { marks: { sequence: number }[] };
    expect(first.marks).toMatchObject([{ stream: 'metrics', sequence: 3 }]);
    await agent.report(entries);
    await agent.report([...entries, agent.entry('metrics', 4, { series: ['cpu.usage_percent'], values: [4] })]);
    expect(stored).toEqual([
      { stream: 'metrics', count: 3 },
      { stream: 'metrics', count: 1 },
    ]);
  });

  it('refuses one bad entry by name and takes its neighbours', async () => {
    const agent = await enrolled();
    const answer = (await (
      await agent.report([
        agent.entry('updates', 1, {
          manager: 'apt',
          checkedAt: app.clock.now().toString(),
          updates: [],
          isRebootRequired: false,
          rebootReasons: [],
        }),
        agent.entry('services', 1, {
          manager: 'systemd',
          services: [{ name: 'a\0b', state: 'running', startMode: 'automatic' }],
        }),
        agent.entry('metrics', 1, { series: ['cpu.usage_percent'], values: [1] }, app.clock.now().add({ hours: 24 })),
      ])
    ).json()) as { refused: { stream: string; code: string; message: string }[] };
    expect(answer.refused.map((refusal) => [refusal.stream, refusal.code])).toEqual([
      ['services', 'agent.entry-invalid'],
      ['metrics', 'agent.entry-from-future'],
    ]);
    expect(answer.refused[0]?.message).toContain('NUL');
    expect(stored).toEqual([{ stream: 'updates', count: 0 }]);
  });
});

describe('orders', () => {
  const script = { interpreter: 'shell' as const, body: 'echo hello', args: [], timeoutSeconds: 60 };
  const queue = (agent: TestAgent) =>
    app.container.resolve(QueueOrder).run(staffScope(mspId), {
      assetId: agent.identity.assetId as AssetId,
      kind: 'script',
      payload: script,
      reason: 'test',
    });

  it('reach their agent once, signed so that it can verify them, and end with its word', async () => {
    const agent = await enrolled();
    const { orderId } = await queue(agent);
    const { orders } = (await (await agent.orders()).json()) as { orders: unknown[] };
    expect(orders).toHaveLength(1);
    const verified = await verifyOrder(agent.identity, orders[0], app.clock.now().epochMilliseconds);
    expect(verified).toMatchObject({ kind: 'script', payload: script });
    expect(((await (await agent.orders()).json()) as { orders: unknown[] }).orders).toEqual([]);
    const at = app.clock.now().toString();
    await agent.report([
      agent.entry('order-output', 1, { orderId, index: 0, channel: 'stdout', text: 'hello\n' }),
      agent.entry('order-result', 1, {
        orderId,
        at,
        state: 'succeeded',
        startedAt: at,
        exitCode: 0,
        outputBytes: 6,
        isOutputTruncated: false,
      }),
      agent.entry('order-result', 2, { orderId, at, state: 'running' }),
    ]);
    const order = await app.container.resolve(EndpointQueries).getOrder(staffScope(mspId), { orderId });
    expect(order).toMatchObject({ state: 'succeeded', exitCode: 0, output: [{ text: 'hello\n' }] });
  });

  it('wakes a poll that waits', async () => {
    const agent = await enrolled();
    const polling = agent.orders(20);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await queue(agent);
    const { orders } = (await (await polling).json()) as { orders: unknown[] };
    expect(orders).toHaveLength(1);
  });

  it('ignores what an agent says of another agent’s order', async () => {
    const [agent, other] = [await enrolled(), await enrolled()];
    const { orderId } = await queue(agent);
    const at = app.clock.now().toString();
    await other.report([other.entry('order-result', 1, { orderId, at, state: 'refused', code: 'x', message: 'x' })]);
    const order = await app.container.resolve(EndpointQueries).getOrder(staffScope(mspId), { orderId });
    expect(order.state).toBe('queued');
    expect(
      (
        await other.report([
          other.entry('order-output', 1, { orderId: randomUUID(), index: 0, channel: 'stdout', text: 'x' }),
        ])
      ).status,
    ).toBe(200);
  });

  it('are refused for a machine that only observes', async () => {
    const agent = new TestAgent(http, app.clock);
    await agent.enrol((await token()).token, { orderPolicy: 'observe' });
    await expect(queue(agent)).rejects.toMatchObject({ code: 'endpoints.observe-only' });
  });
});
