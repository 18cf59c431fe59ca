import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve, type ServerType } from '@hono/node-server';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { agentDoor } from '#entry/agent/agent-door';
import type { MspId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import { ScopedDb } from '#platform/db/scoped-db';
import { agentNeeds } from '../../composition/agent-needs.ts';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { testHttpApp } from '../../../../../test/support/test-http.ts';
import { CreateEnrolmentToken } from './create-enrolment-token.ts';
import { EndpointQueries } from './endpoint-queries.ts';
import { QueueOrder } from './queue-order.ts';

// The agent itself, a process of its own, against the door, the use cases and the database: what a machine and a server really say to each other.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const MAIN = fileURLToPath(new URL('../../../../agent/src/main.ts', import.meta.url));
const ENDS = new Set(['succeeded', 'failed', 'refused', 'timed-out', 'interrupted']);

let app: TestApp;
let http: Hono;
let server: ServerType;
let port = 0;
let mspId: MspId;
let assetId: AssetId;
let folder: string;
let agent: ChildProcess | undefined;
let clockwork: NodeJS.Timeout;

async function listen(): Promise<void> {
  server = serve({ fetch: http.fetch, port, hostname: '127.0.0.1' });
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
}

async function shut(): Promise<void> {
  (server as Server).closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function run(...args: string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args, '--state', join(folder, 'state')], { stdio: 'ignore' });
}

async function order(body: string, timeoutSeconds = 60): Promise<string> {
  const payload = { interpreter: 'shell' as const, body, args: [], timeoutSeconds };
  const scope = staffScope(mspId);
  return (await app.container.resolve(QueueOrder).run(scope, { assetId, kind: 'script', payload, reason: 'test' }))
    .orderId;
}

const detail = (orderId: string) =>
  app.container.resolve(EndpointQueries).getOrder(staffScope(mspId), { orderId: orderId as never });

async function endOf(orderId: string) {
  return vi.waitFor(
    async () => {
      const view = await detail(orderId);
      expect(ENDS).toContain(view.state);
      return view;
    },
    { timeout: 60_000, interval: 200 },
  );
}

async function rows<Row extends object>(text: string): Promise<Row[]> {
  return app.container.resolve(ScopedDb).transaction(systemScope(mspId), (tx) => tx.sql<Row>(text));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-real-agent-'));
  app = await startTestApp();
  clockwork = setInterval(() => app.clock.set(Temporal.Now.instant()), 100);
  app.clock.set(Temporal.Now.instant());
  const msp = await buildMsp(app, { clients: 1 });
  mspId = msp.mspId;
  const door = agentDoor({
    needs: agentNeeds(app.container),
    clock: app.clock,
    addressOf: () => '127.0.0.1',
    limitEnrolment: () => {},
    reportError: (error) => process.stderr.write(`${String(error)}\n`),
  });
  http = testHttpApp(app, new Map(), { doors: { '/agent/v1': door } });
  await listen();
  const input = { clientId: msp.clientIds[0]!, label: 'test', maxUses: 1, expiresInHours: 1 };
  const { token } = await app.container.resolve(CreateEnrolmentToken).run(staffScope(mspId), input);
  const [code] = (await once(
    run('enroll', '--server', `http://127.0.0.1:${port}`, '--token', token, '--allow-orders'),
    'exit',
  )) as [number];
  expect(code).toBe(0);
  assetId = (JSON.parse(readFileSync(join(folder, 'state/agent.json'), 'utf8')) as { assetId: AssetId }).assetId;
  agent = run('run');
});

afterAll(async () => {
  agent?.kill('SIGKILL');
  clearInterval(clockwork);
  await shut();
  await app[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('a real agent', () => {
  it('fills its asset: software, facts and samples', async () => {
    await vi.waitFor(
      async () => {
        const [counts] = await rows<{ software: number; facts: number; samples: number }>(
          `select (select count(*)::int from asset_software) as software, (select count(*)::int from asset_fact) as facts,
            (select count(*)::int from metric_report) as samples`,
        );
        expect(counts?.software).toBeGreaterThan(50);
        expect(counts?.facts).toBeGreaterThan(5);
        expect(counts?.samples).toBeGreaterThan(0);
      },
      { timeout: 60_000, interval: 500 },
    );
  });

  it('runs a script order and streams its output', async () => {
    const orderId = await order('echo one; sleep 2; echo two; exit 4');
    await vi.waitFor(
      async () => expect((await detail(orderId)).output.map((chunk) => chunk.text).join('')).toBe('one\n'),
      { timeout: 60_000, interval: 100 },
    );
    const end = await endOf(orderId);
    expect(end).toMatchObject({ state: 'failed', exitCode: 4 });
    expect(end.output.map((chunk) => chunk.text).join('')).toBe('one\ntwo\n');
  });

  it('finishes an order while its server is gone, and tells it afterwards, once', async () => {
    const proof = join(folder, 'proof');
    const orderId = await order(`echo x >> ${proof}; sleep 2; echo done`);
    await vi.waitFor(() => expect(readFileSync(proof, 'utf8')).toBe('x\n'), { timeout: 60_000, interval: 50 });
    await shut();
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await listen();
    const end = await endOf(orderId);
    expect(end).toMatchObject({ state: 'succeeded', exitCode: 0 });
    expect(end.output.map((chunk) => chunk.text).join('')).toBe('done\n');
    expect(readFileSync(proof, 'utf8')).toBe('x\n');
  });

  it('says that an order was interrupted when it was killed in the middle, and is not taken for a copy', async () => {
    const proof = join(folder, 'killed');
    const orderId = await order(`echo x >> ${proof}; sleep 50`);
    await vi.waitFor(() => expect(readFileSync(proof, 'utf8')).toBe('x\n'), { timeout: 60_000, interval: 50 });
    agent?.kill('SIGKILL');
    agent = run('run');
    expect((await endOf(orderId)).state).toBe('interrupted');
    expect(readFileSync(proof, 'utf8')).toBe('x\n');
    const agents = await rows<{ state: string }>('select state from endpoint_agent');
    expect(agents).toEqual([{ state: 'active' }]);
    const after = await order('echo alive');
    expect((await endOf(after)).state).toBe('succeeded');
  });

  it('stored each sample once, without a gap, over many starts', async () => {
    const sequences = async (): Promise<number[]> =>
      (await rows<{ sequence: number }>('select sequence from metric_report order by sequence')).map(
        (row) => row.sequence,
      );
    for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM'] as const) {
      const before = (await sequences()).length;
      agent?.kill(signal);
      if (agent !== undefined) await once(agent, 'exit');
      agent = run('run');
      await vi.waitFor(async () => expect((await sequences()).length).toBeGreaterThan(before), {
        timeout: 60_000,
        interval: 200,
      });
    }
    const stored = await sequences();
    expect(stored.length).toBeGreaterThan(3);
    expect(stored).toEqual(Array.from({ length: stored.length }, (_, index) => index + 1));
  });
});
