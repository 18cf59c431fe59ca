import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const AGENT = fileURLToPath(new URL('../../packages/agent/src/main.ts', import.meta.url));

/** Enrols this machine with the real agent, as `npm run agent -- enroll` does. Answers the id of its asset. */
export async function enrolThisMachine(options: {
  url: string;
  token: string;
  stateDir: string;
  allowsOrders?: boolean;
}): Promise<string> {
  const policy = options.allowsOrders === true ? '--allow-orders' : '--observe-only';
  const { child, output } = launch(['enroll', '--server', options.url, '--state', options.stateDir, policy], {
    BAILIWICK_ENROLMENT_TOKEN: options.token,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  const assetId = /of asset (\S+)/.exec(output())?.[1];
  if (code !== 0 || assetId === undefined) throw new Error(`The agent did not enrol (${code}): ${output()}`);
  return assetId;
}

/** Runs the agent until it is disposed. */
export function runAgentProcess(stateDir: string): AsyncDisposable & { output(): string } {
  const { child, output } = launch(['run', '--state', stateDir], {});
  return {
    output,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function launch(args: string[], environment: Record<string, string>): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, [AGENT, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}
