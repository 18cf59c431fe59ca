import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSigningKey, METRICS, parseSeries, type OrderPolicy } from '@bailiwick/agent-protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProtocolServer } from '../../../test/support/protocol-server.ts';
import { Backoff } from './clock.ts';
import { enrollAgent, runAgent } from './index.ts';

// Real programs on a machine that may be busy: generous limits, reached only when something is broken.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 });

let server: ProtocolServer;
let stateDir: string;
let stop: AbortController;
let running: Promise<void> | undefined;
let children: ChildProcess[];

beforeEach(async () => {
  server = await ProtocolServer.start();
  stateDir = join(mkdtempSync(join(tmpdir(), 'bailiwick-agent-')), 'state');
  stop = new AbortController();
  running = undefined;
  children = [];
});

afterEach(async () => {
  stop.abort();
  await running;
  for (const child of children) child.kill('SIGKILL');
  await server.close();
  rmSync(join(stateDir, '..'), { recursive: true, force: true });
});

function enroll(orderPolicy: OrderPolicy = 'allow') {
  return enrollAgent({ stateDir, serverUrl: server.url, token: server.token, orderPolicy });
}

function start(): void {
  stop = new AbortController();
  // No random part and short waits: the tests are about what arrives, not about when.
  const backoff = (): Backoff => Object.assign(new Backoff(), { nextMs: () => 100 });
  running = runAgent({ stateDir, signal: stop.signal, intervalSeconds: 1, pollSeconds: 2, backoff });
}

async function restart(): Promise<void> {
  stop.abort();
  await running;
  start();
}

/** A dead process whose new parent has not fetched it yet is not running any more. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
}

const finals = new Set(['succeeded', 'failed', 'timed-out', 'refused', 'interrupted']);

async function finalOf(orderId: string, timeout = 30_000) {
  return vi.waitFor(
    () => {
      const last = server.results(orderId).find((result) => finals.has(result.state));
      if (last === undefined) throw new Error(`no result of ${orderId} yet`);
      return last;
    },
    { timeout, interval: 50 },
  );
}

const shell = (body: string, timeoutSeconds = 20, args: string[] = []) => ({
  interpreter: 'shell' as const,
  body,
  args,
  timeoutSeconds,
});

describe('enrollAgent', () => {
  it('pins what the server answers, keeps its key to itself, and proves it', async () => {
    const identity = await enroll();
    expect(identity).toMatchObject({ ...server.binding, orderKey: server.orderKey.publicKey, orderPolicy: 'allow' });
    expect(statSync(stateDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(stateDir, 'key')).mode & 0o777).toBe(0o600);
    await expect(enroll()).rejects.toThrow('is enrolled already');
  });

  it('observes only unless told otherwise, and says why a wrong token or server is refused', async () => {
    await expect(enrollAgent({ stateDir, serverUrl: server.url, token: 'x' })).rejects.toThrow(
      'not an enrolment token',
    );
    await expect(enrollAgent({ stateDir, serverUrl: 'http://msp.example', token: server.token })).rejects.toThrow(
      'not encrypted',
    );
    await expect(
      enrollAgent({ stateDir, serverUrl: server.url, token: `bwe_${'x'.repeat(43)}` }),
    ).rejects.toMatchObject({ code: 'agent.token-refused' });
    expect(existsSync(join(stateDir, 'agent.json'))).toBe(false);
    const identity = await enrollAgent({ stateDir, serverUrl: server.url, token: server.token });
    expect(identity.orderPolicy).toBe('observe');
  });

  it('enrols and reports with a clock that is an hour off', async () => {
    server.clockAheadSeconds = 3600;
    await enroll();
    start();
    await vi.waitFor(() => expect(server.of('metrics').length).toBeGreaterThan(0), { timeout: 30_000 });
    const drift = Temporal.Instant.from(server.of('metrics').at(-1)!.at).since(Temporal.Now.instant()).total('seconds');
    expect(drift).toBeGreaterThan(3590);
  });
});

describe('runAgent', () => {
  it('reports this machine: pictures once, metrics with rates from the first entry on', async () => {
    await enroll();
    start();
    await vi.waitFor(
      () =>
        expect(new Set(server.entries.map((entry) => entry.stream))).toEqual(
          new Set(['metrics', 'inventory', 'software', 'services', 'updates']),
        ),
      { timeout: 60_000 },
    );
    const series = server.of('metrics')[0]!.data.series.map((text) => parseSeries(text).name);
    expect(series).toEqual(
      expect.arrayContaining(['cpu.usage_percent', 'memory.used_bytes', 'filesystem.used_percent', 'load.average_1m']),
    );
    for (const name of series) expect(Object.keys(METRICS)).toContain(name);
    expect(server.of('software')[0]!.data.packages.length).toBeGreaterThan(50);
    expect(server.of('inventory')).toHaveLength(1);
  });

  it('catches up after an outage and lost answers: every sample once, in order', async () => {
    await enroll();
    start();
    await vi.waitFor(() => expect(server.of('metrics').length).toBeGreaterThan(0), { timeout: 30_000 });
    await server.close();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    server.answersToLose = 2;
    await server.listen();
    await vi.waitFor(() => expect(server.answersToLose).toBe(0), { timeout: 20_000 });
    await restart();
    const before = server.of('metrics').length;
    await vi.waitFor(() => expect(server.of('metrics').length).toBeGreaterThan(before), { timeout: 15_000 });
    const sequences = server.of('metrics').map((entry) => entry.sequence);
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, index) => index + 1));
    expect(server.refused.filter((code) => code === 'agent.copied-key')).toEqual([]);
  });

  it('lets no second agent run on the same folder', async () => {
    await enroll();
    start();
    await vi.waitFor(() => expect(server.hellos.length).toBe(1), { timeout: 30_000 });
    await expect(runAgent({ stateDir, signal: AbortSignal.timeout(2_000) })).rejects.toThrow('Another agent');
  });
});

describe('orders', () => {
  it('run with arguments, stream their output while they run, and tell the exit code', async () => {
    await enroll();
    start();
    const { envelope } = await server.order(
      'script',
      shell('echo "first $1"; sleep 2; echo second; echo wrong >&2; exit 3', 20, ['a b']),
    );
    await vi.waitFor(() => expect(server.output(envelope.id)).toBe('first a b\n'), { timeout: 30_000 });
    expect(server.results(envelope.id).map((result) => result.state)).toEqual(['accepted', 'running']);
    expect(await finalOf(envelope.id)).toMatchObject({
      state: 'failed',
      exitCode: 3,
      isOutputTruncated: false,
      outputBytes: 23,
    });
    expect(server.output(envelope.id)).toBe('first a b\nsecond\n');
    expect(server.output(envelope.id, 'stderr')).toBe('wrong\n');
  });

  it('run python, cut output at the cap and survive what is no text', async () => {
    await enroll();
    start();
    const body = "import sys\nsys.stdout.buffer.write(b'\\x00\\xff' + b'y' * 3000000)";
    const { envelope } = await server.order('script', { interpreter: 'python', body, args: [], timeoutSeconds: 30 });
    expect(await finalOf(envelope.id, 20_000)).toMatchObject({
      state: 'succeeded',
      exitCode: 0,
      isOutputTruncated: true,
      outputBytes: 3_000_002,
    });
    expect(server.output(envelope.id).length).toBe(1024 * 1024);
    expect(server.output(envelope.id).startsWith('\uFFFD\uFFFDy')).toBe(true);
  });

  it('end at their time-out with everything that they started', async () => {
    await enroll();
    start();
    const { envelope } = await server.order('script', shell('sh -c "trap \'\' TERM; sleep 300" & echo $!; wait', 1));
    expect((await finalOf(envelope.id, 15_000)).state).toBe('timed-out');
    const pid = Number(server.output(envelope.id).trim());
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 8_000 });
  });

  it('are refused when replayed, altered, expired, for another client, or signed by another key, and nothing of them runs', async () => {
    await enroll();
    start();
    const proof = join(stateDir, 'ran');
    const touch = shell(`echo x >> ${proof}`);
    const good = await server.order('script', touch);
    expect((await finalOf(good.envelope.id)).state).toBe('succeeded');
    server.send(good);
    await vi.waitFor(
      () =>
        expect(server.results(good.envelope.id).at(-1)).toMatchObject({
          state: 'refused',
          code: 'agent.order-replayed',
        }),
      { timeout: 30_000 },
    );
    const { key } = await generateSigningKey();
    const altered = await server.order('script', touch, { lifeSeconds: 61 });
    await finalOf(altered.envelope.id);
    const forged = { ...altered, payload: shell('echo y') };
    const cases = [
      {
        order: await server.order('script', touch, { issuedAt: Temporal.Now.instant().subtract({ minutes: 5 }) }),
        code: 'agent.order-expired',
      },
      {
        order: await server.order('script', touch, { clientId: server.binding.assetId }),
        code: 'agent.order-other-client',
      },
      { order: await server.order('script', touch, { key }), code: 'agent.order-signature' },
    ];
    for (const { order, code } of cases)
      expect(await finalOf(order.envelope.id)).toMatchObject({ state: 'refused', code });
    server.send(forged);
    await vi.waitFor(
      () =>
        expect(server.results(altered.envelope.id).at(-1)).toMatchObject({
          state: 'refused',
          code: 'agent.order-altered',
        }),
      { timeout: 30_000 },
    );
    expect(readFileSync(proof, 'utf8')).toBe('x\nx\n');
  });

  it('are refused by an agent that observes, until an administrator allows them; a locked one keeps refusing', async () => {
    await enroll('observe');
    start();
    const early = await server.order('script', shell('echo no'));
    expect(await finalOf(early.envelope.id)).toMatchObject({ state: 'refused', code: 'agent.observe-only' });
    const allow = await server.order('set-order-policy', { orderPolicy: 'allow' });
    expect((await finalOf(allow.envelope.id)).state).toBe('succeeded');
    const late = await server.order('script', shell('echo yes'));
    expect((await finalOf(late.envelope.id)).state).toBe('succeeded');
    server.send(early);
    await vi.waitFor(
      () => expect(server.results(early.envelope.id).at(-1)).toMatchObject({ code: 'agent.order-replayed' }),
      { timeout: 30_000 },
    );
    expect(server.output(early.envelope.id)).toBe('');
  });

  it('follow a successor of the order key, signed by the key before it', async () => {
    await enroll();
    start();
    const { key } = await generateSigningKey();
    const change = await server.order('succeed-order-key', { orderKey: key.publicKey });
    expect((await finalOf(change.envelope.id)).state).toBe('succeeded');
    const old = await server.order('script', shell('echo old'));
    expect(await finalOf(old.envelope.id)).toMatchObject({ state: 'refused', code: 'agent.order-signature' });
    const fresh = await server.order('script', shell('echo new'), { key });
    expect((await finalOf(fresh.envelope.id)).state).toBe('succeeded');
  });

  it('do not run again after kill -9 of the agent, and what they started is ended', async () => {
    await enroll();
    const launch = (): ChildProcess => {
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL('main.ts', import.meta.url)), 'run', '--state', stateDir],
        { stdio: 'ignore' },
      );
      children.push(child);
      return child;
    };
    const first = launch();
    const proof = join(stateDir, 'ran');
    const order = await server.order('script', shell(`echo $$ >> ${proof}; sleep 100`, 200));
    await vi.waitFor(() => expect(readFileSync(proof, 'utf8')).toMatch(/^\d+\n$/), { timeout: 15_000 });
    await vi.waitFor(() => expect(server.results(order.envelope.id).at(-1)?.state).toBe('running'), {
      timeout: 30_000,
    });
    first.kill('SIGKILL');
    launch();
    expect(await finalOf(order.envelope.id, 20_000)).toMatchObject({ state: 'interrupted' });
    server.send(order);
    await vi.waitFor(
      () => expect(server.results(order.envelope.id).at(-1)).toMatchObject({ code: 'agent.order-replayed' }),
      { timeout: 30_000 },
    );
    const pid = Number(readFileSync(proof, 'utf8'));
    expect(isRunning(pid)).toBe(false);
    expect(server.refused.filter((code) => code === 'agent.copied-key')).toEqual([]);
  });
});
