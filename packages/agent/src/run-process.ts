import { spawn } from 'node:child_process';
import type { OutputCollector } from './order-output.ts';
import { commandEnvironment } from './run-command.ts';
import { processStart } from './state-folder.ts';

/** What to run, and until when. */
export interface ProcessRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly output: OutputCollector;
  readonly signal: AbortSignal;
  /** Called once it runs, with what tells it from any other process. */
  readonly onStart: (pid: number, startedAt: string) => void;
}

/** How a process ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number | null; readonly signal: string | null }
  | { readonly kind: 'timed-out'; readonly exitCode: number | null; readonly signal: string | null }
  | { readonly kind: 'not-started'; readonly message: string };

/** Between the polite signal and the other one. */
const GRACE_MS = 3_000;

/** Background children of a finished script may hold its pipes for ever; their output is waited for this long. */
const DRAIN_MS = 1_000;

/**
 * Runs a program in a process group of its own, its output streamed. At the time-out the whole group is ended, so that nothing which a script started
 * outlives it; and the same when the agent stops.
 */
export function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const { output, signal } = request;
    const child = spawn(request.file, request.args, {
      cwd: request.folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: commandEnvironment(request.environment),
    });
    let isTimedOut = false;
    let hasEnded = false;
    const stop = (): void => endGroup(child.pid);
    const timer = setTimeout(() => {
      isTimedOut = true;
      stop();
    }, request.timeoutMs);
    const finish = (end: ProcessEnd): void => {
      if (hasEnded) return;
      hasEnded = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      killGroup(child.pid, 'SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
      output.end();
      resolve(end);
    };
    const ended = (exitCode: number | null, by: string | null): void =>
      finish({ kind: isTimedOut ? 'timed-out' : 'exited', exitCode, signal: by });
    signal.addEventListener('abort', stop);
    child.stdout.on('data', (data: Buffer) => output.write('stdout', data));
    child.stderr.on('data', (data: Buffer) => output.write('stderr', data));
    child.on('error', (error) => finish({ kind: 'not-started', message: error.message }));
    child.on('exit', (exitCode, by) => setTimeout(() => ended(exitCode, by), DRAIN_MS).unref());
    child.on('close', ended);
    if (child.pid !== undefined) request.onStart(child.pid, processStart(child.pid) ?? 'gone');
  });
}

function endGroup(pid: number | undefined): void {
  killGroup(pid, 'SIGTERM');
  setTimeout(() => killGroup(pid, 'SIGKILL'), GRACE_MS).unref();
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone, which is what was wanted.
  }
}

/** Ends what a dead agent left running, if that number is still the same process. */
export function endLeftover({ pid, startedAt }: { pid: number; startedAt: string }): void {
  if (processStart(pid) === startedAt) killGroup(pid, 'SIGKILL');
}
