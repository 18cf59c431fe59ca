import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';

/** What a command printed; `exitCode` is null if it could not be started, was killed or took too long. */
export interface CommandOutput {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_BYTES = 16 * 1024 * 1024;

/** Runs a program that only reads; see `commandRunner`. */
export type RunCommand = (
  file: string,
  args: readonly string[],
  options?: { timeoutMs?: number },
) => Promise<CommandOutput>;

/** Runs commands until the signal ends, which ends them too: an agent that stops must not wait for a slow package manager. */
export function commandRunner(signal: AbortSignal): RunCommand {
  return (file, args, options) => runCommand(file, args, { ...options, signal });
}

/** Behind everything else that the machine does. */
const PRIORITY = 10;

/**
 * Runs a program that only reads, in the C locale, and never throws: a missing program is an answer. Output beyond 16 MiB is cut, and the command ended after
 * `timeoutMs`: a hanging package manager must not stop the metrics.
 */
export function runCommand(
  file: string,
  args: readonly string[],
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<CommandOutput> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: commandEnvironment(),
      timeout: options.timeoutMs ?? 60_000,
      killSignal: 'SIGKILL',
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    lowerPriority(child.pid);
    const read = (stream: NodeJS.ReadableStream): { text: () => string } => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= MAX_BYTES) chunks.push(chunk);
      });
      return { text: () => Buffer.concat(chunks).toString('utf8') };
    };
    const stdout = read(child.stdout);
    const stderr = read(child.stderr);
    child.on('error', (error) => resolve({ exitCode: null, stdout: '', stderr: error.message }));
    child.on('close', (exitCode) => resolve({ exitCode, stdout: stdout.text(), stderr: stderr.text() }));
  });
}

function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, PRIORITY);
  } catch {
    // It has ended already.
  }
}

/** A small, known environment: what the agent itself was started with (a server's secrets, for one) is not for programs that it runs. */
export function commandEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: process.env['HOME'] ?? '/',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    ...more,
  };
}
