import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { commandEnvironment } from './run-command.ts';
import type { ProcessEnd, ProcessRequest } from './run-process.ts';

const LOOK_MS = 300;
const READ_BYTES = 64 * 1024;

/**
 * Runs a program that must not be broken off in the middle, as package managers must not: it writes to a file and not to a pipe of ours, so that it goes on when
 * the agent is stopped or killed. Only its time-out ends it. When the agent stops first, the answer is an end without exit code.
 */
export function runUndisturbed(request: Omit<ProcessRequest, 'onStart'>): Promise<ProcessEnd> {
  const path = join(request.folder, 'output');
  const file = openSync(path, 'w', 0o600);
  const reader = openSync(path, 'r');
  const buffer = Buffer.alloc(READ_BYTES);
  const readOn = (): void => {
    for (let bytes = readSync(reader, buffer); bytes > 0; bytes = readSync(reader, buffer))
      request.output.write('stdout', Buffer.from(buffer.subarray(0, bytes)));
  };
  return new Promise((resolve) => {
    const child = spawn(request.file, request.args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', file, file],
      env: commandEnvironment(request.environment),
    });
    closeSync(file);
    let isTimedOut = false;
    let hasEnded = false;
    const looking = setInterval(readOn, LOOK_MS);
    const timer = setTimeout(() => {
      isTimedOut = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    }, request.timeoutMs);
    const finish = (end: ProcessEnd): void => {
      if (hasEnded) return;
      hasEnded = true;
      clearInterval(looking);
      clearTimeout(timer);
      request.signal.removeEventListener('abort', leave);
      readOn();
      closeSync(reader);
      resolve(end);
    };
    const leave = (): void => {
      child.unref();
      finish({ kind: 'exited', exitCode: null, signal: null });
    };
    request.signal.addEventListener('abort', leave);
    child.on('error', (error) => finish({ kind: 'not-started', message: error.message }));
    child.on('exit', (exitCode, signal) => finish({ kind: isTimedOut ? 'timed-out' : 'exited', exitCode, signal }));
  });
}
