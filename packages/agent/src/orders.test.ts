import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSigningKey } from '@bailiwick/agent-protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentHarness, isRunning } from '../../../test/support/agent-harness.ts';

// Real programs on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 });

let agent: AgentHarness;
let children: ChildProcess[];

beforeEach(async () => {
  agent = await AgentHarness.open();
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await agent[Symbol.asyncDispose]();
});

const shell = (body: string, timeoutSeconds = 20, args: string[] = []) => ({
  interpreter: 'shell' as const,
  body,
  args,
  timeoutSeconds,
});

describe('orders', () => {
  it('run with arguments, stream their output while they run, and tell the exit code', async () => {
    await agent.enrollAndStart();
    const { envelope } = await agent.server.order(
      'script',
      shell('echo "first $1"; sleep 2; echo second; echo wrong >&2; exit 3', 20, ['a b']),
    );
    await agent.eventually(() => expect(agent.server.output(envelope.id)).toBe('first a b\n'));
    expect(agent.server.results(envelope.id).map((result) => result.state)).toEqual(['accepted', 'running']);
    expect(await agent.endOf(envelope.id)).toMatchObject({
      state: 'failed',
      exitCode: 3,
      isOutputTruncated: false,
      outputBytes: 23,
    });
    expect(agent.server.output(envelope.id)).toBe('first a b\nsecond\n');
    expect(agent.server.output(envelope.id, 'stderr')).toBe('wrong\n');
  });

  it('run python, cut output at the cap and survive what is no text', async () => {
    await agent.enrollAndStart();
    const body = "import sys\nsys.stdout.buffer.write(b'\\x00\\xff' + b'y' * 3000000)";
    const { envelope } = await agent.server.order('script', {
      interpreter: 'python',
      body,
      args: [],
      timeoutSeconds: 30,
    });
    expect(await agent.endOf(envelope.id)).toMatchObject({
      state: 'succeeded',
      exitCode: 0,
      isOutputTruncated: true,
      outputBytes: 3_000_002,
    });
    expect(agent.server.output(envelope.id).length).toBe(1024 * 1024);
    expect(agent.server.output(envelope.id).startsWith('\uFFFD\uFFFDy')).toBe(true);
  });

  it('end at their time-out with everything that they started', async () => {
    await agent.enrollAndStart();
    const { envelope } = await agent.server.order(
      'script',
      shell('sh -c "trap \'\' TERM; sleep 300" & echo $!; wait', 1),
    );
    expect((await agent.endOf(envelope.id)).state).toBe('timed-out');
    const pid = Number(agent.server.output(envelope.id).trim());
    await agent.eventually(() => expect(isRunning(pid)).toBe(false));
  });

  it('are refused when replayed, altered, expired, for another client, or signed by another key, and nothing of them runs', async () => {
    await agent.enrollAndStart();
    const proof = join(agent.stateDir, 'ran');
    const touch = shell(`echo x >> ${proof}`);
    const good = await agent.server.order('script', touch);
    expect((await agent.endOf(good.envelope.id)).state).toBe('succeeded');
    agent.server.send(good);
    await agent.eventually(() =>
      expect(agent.server.results(good.envelope.id).at(-1)).toMatchObject({
        state: 'refused',
        code: 'agent.order-replayed',
      }),
    );
    const { key } = await generateSigningKey();
    const altered = await agent.server.order('script', touch, { lifeSeconds: 61 });
    await agent.endOf(altered.envelope.id);
    const forged = { ...altered, payload: shell('echo y') };
    const cases = [
      {
        order: await agent.server.order('script', touch, { issuedAt: Temporal.Now.instant().subtract({ minutes: 5 }) }),
        code: 'agent.order-expired',
      },
      {
        order: await agent.server.order('script', touch, { clientId: agent.server.binding.assetId }),
        code: 'agent.order-other-client',
      },
      { order: await agent.server.order('script', touch, { key }), code: 'agent.order-signature' },
    ];
    for (const { order, code } of cases)
      expect(await agent.endOf(order.envelope.id)).toMatchObject({ state: 'refused', code });
    agent.server.send(forged);
    await agent.eventually(() =>
      expect(agent.server.results(altered.envelope.id).at(-1)).toMatchObject({
        state: 'refused',
        code: 'agent.order-altered',
      }),
    );
    expect(readFileSync(proof, 'utf8')).toBe('x\nx\n');
  });

  it('are refused by an agent that observes, until an administrator allows them', async () => {
    await agent.enrollAndStart('observe');
    const early = await agent.server.order('script', shell('echo no'));
    expect(await agent.endOf(early.envelope.id)).toMatchObject({ state: 'refused', code: 'agent.observe-only' });
    const allow = await agent.server.order('set-order-policy', { orderPolicy: 'allow' });
    expect((await agent.endOf(allow.envelope.id)).state).toBe('succeeded');
    const late = await agent.server.order('script', shell('echo yes'));
    expect((await agent.endOf(late.envelope.id)).state).toBe('succeeded');
    agent.server.send(early);
    await agent.eventually(() =>
      expect(agent.server.results(early.envelope.id).at(-1)).toMatchObject({ code: 'agent.order-replayed' }),
    );
    expect(agent.server.output(early.envelope.id)).toBe('');
  });

  it('are refused by a locked agent, and so is the order that would unlock it', async () => {
    await agent.enrollAndStart('locked');
    const allow = await agent.server.order('set-order-policy', { orderPolicy: 'allow' });
    expect(await agent.endOf(allow.envelope.id)).toMatchObject({ state: 'refused', code: 'agent.observe-only' });
    const script = await agent.server.order('script', shell('echo no'));
    expect(await agent.endOf(script.envelope.id)).toMatchObject({ state: 'refused', code: 'agent.observe-only' });
    const look = await agent.server.order('refresh-inventory', {});
    expect((await agent.endOf(look.envelope.id)).state).toBe('succeeded');
  });

  it('follow a successor of the order key, signed by the key before it', async () => {
    await agent.enrollAndStart();
    const { key } = await generateSigningKey();
    const change = await agent.server.order('succeed-order-key', { orderKey: key.publicKey });
    expect((await agent.endOf(change.envelope.id)).state).toBe('succeeded');
    const old = await agent.server.order('script', shell('echo old'));
    expect(await agent.endOf(old.envelope.id)).toMatchObject({ state: 'refused', code: 'agent.order-signature' });
    const fresh = await agent.server.order('script', shell('echo new'), { key });
    expect((await agent.endOf(fresh.envelope.id)).state).toBe('succeeded');
  });

  it('do not run again after kill -9 of the agent, and what they started is ended', async () => {
    await agent.enroll();
    const launch = (): ChildProcess => {
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL('main.ts', import.meta.url)), 'run', '--state', agent.stateDir],
        { stdio: 'ignore' },
      );
      children.push(child);
      return child;
    };
    const first = launch();
    const proof = join(agent.stateDir, 'ran');
    const order = await agent.server.order('script', shell(`echo $$ >> ${proof}; sleep 100`, 200));
    await agent.eventually(() => expect(readFileSync(proof, 'utf8')).toMatch(/^\d+\n$/));
    await agent.eventually(() => expect(agent.server.results(order.envelope.id).at(-1)?.state).toBe('running'));
    first.kill('SIGKILL');
    launch();
    expect(await agent.endOf(order.envelope.id)).toMatchObject({ state: 'interrupted' });
    agent.server.send(order);
    await agent.eventually(() =>
      expect(agent.server.results(order.envelope.id).at(-1)).toMatchObject({ code: 'agent.order-replayed' }),
    );
    const pid = Number(readFileSync(proof, 'utf8'));
    expect(isRunning(pid)).toBe(false);
    expect(agent.server.refused.filter((code) => code === 'agent.copied-key')).toEqual([]);
  });
});
