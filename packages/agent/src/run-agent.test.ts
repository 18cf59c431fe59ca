import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, parseSeries } from '@bailiwick/agent-protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentHarness } from '../../../test/support/agent-harness.ts';
import { enrollAgent, runAgent } from './index.ts';

// Real programs on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 });

let agent: AgentHarness;

beforeEach(async () => {
  agent = await AgentHarness.open();
});

afterEach(() => agent[Symbol.asyncDispose]());

describe('enrollAgent', () => {
  it('pins what the server answers, keeps its key to itself, and proves it', async () => {
    const identity = await agent.enroll();
    expect(identity).toMatchObject({
      ...agent.server.binding,
      orderKey: agent.server.orderKey.publicKey,
      orderPolicy: 'allow',
    });
    expect(statSync(agent.stateDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(agent.stateDir, 'key')).mode & 0o777).toBe(0o600);
    await expect(agent.enroll()).rejects.toThrow('is enrolled already');
  });

  it('observes only unless told otherwise, and says why a wrong token or server is refused', async () => {
    await expect(enrollAgent({ stateDir: agent.stateDir, serverUrl: agent.server.url, token: 'x' })).rejects.toThrow(
      'not an enrolment token',
    );
    await expect(
      enrollAgent({ stateDir: agent.stateDir, serverUrl: 'http://msp.example', token: agent.server.token }),
    ).rejects.toThrow('not encrypted');
    await expect(
      enrollAgent({ stateDir: agent.stateDir, serverUrl: agent.server.url, token: `bwe_${'x'.repeat(43)}` }),
    ).rejects.toMatchObject({ code: 'agent.token-refused' });
    expect(existsSync(join(agent.stateDir, 'agent.json'))).toBe(false);
    const identity = await enrollAgent({
      stateDir: agent.stateDir,
      serverUrl: agent.server.url,
      token: agent.server.token,
    });
    expect(identity.orderPolicy).toBe('observe');
  });

  it('enrols and reports with a clock that is an hour off', async () => {
    agent.server.clockAheadSeconds = 3600;
    await agent.enrollAndStart();
    await agent.eventually(() => expect(agent.server.of('metrics').length).toBeGreaterThan(0));
    const drift = Temporal.Instant.from(agent.server.of('metrics').at(-1)!.at)
      .since(Temporal.Now.instant())
      .total('seconds');
    expect(drift).toBeGreaterThan(3590);
  });
});

describe('runAgent', () => {
  it('reports this machine: pictures once, metrics with rates from the first entry on', async () => {
    await agent.enrollAndStart();
    await agent.eventually(() =>
      expect(new Set(agent.server.entries.map((entry) => entry.stream))).toEqual(
        new Set(['metrics', 'inventory', 'software', 'services', 'updates']),
      ),
    );
    const series = agent.server.of('metrics')[0]!.data.series.map((text) => parseSeries(text).name);
    expect(series).toEqual(
      expect.arrayContaining(['cpu.usage_percent', 'memory.used_bytes', 'filesystem.used_percent', 'load.average_1m']),
    );
    for (const name of series) expect(Object.keys(METRICS)).toContain(name);
    expect(agent.server.of('software')[0]!.data.packages.length).toBeGreaterThan(50);
    expect(agent.server.of('inventory')).toHaveLength(1);
  });

  it('catches up after an outage and lost answers: every sample once, in order', async () => {
    await agent.enrollAndStart();
    await agent.eventually(() => expect(agent.server.of('metrics').length).toBeGreaterThan(0));
    await agent.server.close();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    agent.server.answersToLose = 2;
    await agent.server.listen();
    await agent.eventually(() => expect(agent.server.answersToLose).toBe(0));
    await agent.stop();
    agent.start();
    const before = agent.server.of('metrics').length;
    await agent.eventually(() => expect(agent.server.of('metrics').length).toBeGreaterThan(before));
    const sequences = agent.server.of('metrics').map((entry) => entry.sequence);
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, index) => index + 1));
    expect(agent.server.refused.filter((code) => code === 'agent.copied-key')).toEqual([]);
  });

  it('is not taken for a copy after starts in the middle of which everything went wrong', async () => {
    await agent.enrollAndStart();
    await agent.eventually(() => expect(agent.server.hellos.length).toBe(1));
    for (const _ of [1, 2, 3]) {
      await agent.stop();
      // The hello arrives and its answer does not; the agent ends before it can try again.
      const before = agent.server.hellos.length;
      agent.server.hellosToLose = 1;
      agent.start();
      await agent.eventually(() => expect(agent.server.hellos.length).toBe(before + 1));
      await agent.stop();
      await agent.server.close();
      agent.start();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await agent.stop();
      await agent.server.listen();
    }
    const before = agent.server.of('metrics').length;
    agent.start();
    await agent.eventually(() => expect(agent.server.of('metrics').length).toBeGreaterThan(before));
    expect(agent.server.refused).toEqual([]);
  });

  it('lets no second agent run on the same folder', async () => {
    await agent.enrollAndStart();
    await agent.eventually(() => expect(agent.server.hellos.length).toBe(1));
    await expect(runAgent({ stateDir: agent.stateDir, signal: AbortSignal.timeout(2_000) })).rejects.toThrow(
      'Another agent',
    );
  });
});
