import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentHarness } from '../../../test/support/agent-harness.ts';

// Each call starts a process, several a test, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let agent: AgentHarness;

beforeEach(async () => {
  agent = await AgentHarness.open();
});

afterEach(() => agent[Symbol.asyncDispose]());

function cli(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  return spawnSync(process.execPath, [main, ...args, '--state', agent.stateDir], { encoding: 'utf8' });
}

describe('npm run agent', () => {
  it('says in one line what is wrong, and fails', () => {
    for (const [args, message] of [
      [['run'], 'holds no enrolled agent'],
      [['status'], 'holds no enrolled agent'],
      [['enroll', '--server', 'https://msp.example'], 'enroll needs'],
      [
        ['enroll', '--server', 'https://msp.example', '--token', 'x', '--observe-only', '--allow-orders'],
        'exclude each other',
      ],
      [['enroll', '--server', 'ftp://msp.example', '--token', 'x'], 'must be an http or https URL'],
      [['fly'], 'Unknown command fly'],
    ] as const) {
      const { status, stderr } = cli(...args);
      expect(stderr).toContain(message);
      expect(status).toBe(1);
    }
  });

  it('tells who the agent is, without its key, and changes whether orders may change the machine', async () => {
    await agent.enroll('observe');
    const status = cli('status');
    expect(JSON.parse(status.stdout)).toMatchObject({ ...agent.server.binding, orderPolicy: 'observe' });
    expect(status.stdout).not.toContain(readFileSync(join(agent.stateDir, 'key'), 'utf8').trim());
    expect(cli('policy', '--lock-orders').status).toBe(0);
    expect(JSON.parse(cli('status').stdout)).toMatchObject({ orderPolicy: 'locked' });
  });

  it('says so when its key file holds no key', async () => {
    await agent.enroll();
    writeFileSync(join(agent.stateDir, 'key'), 'nonsense');
    expect(cli('status')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not a stored Ed25519 key') as string,
    });
  });
});
