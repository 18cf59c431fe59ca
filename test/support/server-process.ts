import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../../packages/core/src/composition/start.ts', import.meta.url));
const CLI = fileURLToPath(new URL('../../packages/core/src/composition/cli.ts', import.meta.url));

/** A server in a process of its own, as `npm start` runs it. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** All that it printed so far. */
  output(): string;
  /** Ends it like Ctrl-C and answers its exit code. */
  interrupt(): Promise<number | null>;
  /** Ends it and everything that it started without a word, as a power cut would. */
  killTree(): Promise<void>;
}

/** How a start that must fail ended. */
export interface FailedStart {
  readonly code: number | null;
  readonly errors: string;
}

/** A folder for one test's data, removed by `removeFolder`. */
export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'bailiwick-server-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a server and waits until it says that it is ready. */
export async function startServerProcess(options: {
  dataDir: string;
  port?: number;
  environment?: Record<string, string>;
  args?: string[];
}): Promise<ServerProcess> {
  const port = options.port ?? (await freePort());
  const { child, output } = launch(START, options.args ?? [], {
    BAILIWICK_DATA_DIR: options.dataDir,
    PORT: String(port),
    ...options.environment,
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => (/is ready at|worker is running/.test(output()) ? resolve() : undefined));
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${output()}`)));
  });
  const exited = once(child, 'exit');
  return {
    url: `http://localhost:${port}`,
    dataDir: options.dataDir,
    child,
    output,
    interrupt: async () => {
      child.kill('SIGINT');
      const [code] = (await exited) as [number | null];
      return code;
    },
    killTree: async () => {
      await killTree(child);
      await exited;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Starts a server that is expected to refuse. */
export async function failToStart(environment: Record<string, string>): Promise<FailedStart> {
  const { child, errors } = launch(START, [], environment);
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, errors: errors() };
}

/** Runs a command of the administrator's command line. */
export async function runCommand(
  dataDir: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; output: string; errors: string }> {
  const { child, stdout, errors } = launch(CLI, [...args], { BAILIWICK_DATA_DIR: dataDir, ...environment });
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, output: stdout(), errors: errors() };
}

function launch(script: string, args: string[], environment: Record<string, string>) {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(BAILIWICK_|DATABASE_|SMTP_|PORT$|VITEST|NODE_ENV)/.test(name)),
  );
  // A process group of its own, so that killing the tree leaves the test alone.
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...inherited, ...environment } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return { child, stdout: () => stdout, errors: () => stderr, output: () => stdout + stderr };
}

async function killTree(child: ChildProcess): Promise<void> {
  const pids = await descendants(child.pid ?? 0);
  for (const pid of [child.pid ?? 0, ...pids]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with its parent.
    }
  }
}

/** The processes that a process started, and those that these started. */
export async function descendants(pid: number): Promise<number[]> {
  const ps = spawn('ps', ['-eo', 'pid=,ppid='], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  ps.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(ps, 'close');
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) for (const [child = 0, ppid] of rows) if (ppid === parent) found.push(child);
  return found.slice(1);
}
