import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { CallFailed, type FailureName, type Services } from '../invocation.ts';
import { makeCell } from './cell.ts';
import { readGuestMessage, requestProblem, type GuestMessage } from './guest-message.ts';
import { Lines } from './guest/lines.ts';
import { HostCall } from './host-call.ts';
import { layered } from './layers.ts';
import { nodeFlags } from './node-flags.ts';

/** A line that a plugin wrote to `console`; what it says with `ctx.log` goes to the services of its call instead. */
export interface SandboxLine {
  readonly level: 'debug' | 'info' | 'warn';
  readonly message: string;
}

export interface ProcessOptions {
  readonly bundle: string;
  readonly heapMegabytes: number;
  readonly stallSeconds: number;
  readonly log: (line: SandboxLine) => void;
}

/** One message: a batch of 8 MiB with all that JSON escapes. */
const MAX_LINE = 24 * 1024 * 1024;
/** Answers that wait for a sandbox to read them. */
const MAX_UNREAD_BYTES = 256 * 1024 * 1024;
/** Messages that nobody asked for (lines, issues), in any ten seconds. */
const MAX_UNASKED = 5000;
const UNASKED_WINDOW_MS = 10_000;
const HEARTBEAT_MS = 500;
/** Ended calls whose last messages may still be under way. */
const MAX_ENDED = 10_000;

/** One running sandbox. It is never used again after it ended. */
export class SandboxProcess {
  readonly ended: Promise<void>;
  isEnded = false;
  /** It stopped by itself, or was stopped for what it did. */
  hasCrashed = false;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #options: ProcessOptions;
  readonly #calls = new Map<string, HostCall>();
  readonly #endedIds = new Set<string>();
  readonly #lines = new Lines(MAX_LINE);
  readonly #heartbeat: NodeJS.Timeout;
  #verdict: CallFailed | undefined;
  #lastSignMs = performance.now();
  #unasked = { count: 0, sinceMs: 0 };

  private constructor(
    child: ChildProcessByStdio<Writable, Readable, null>,
    options: ProcessOptions,
    remove: () => Promise<void>,
  ) {
    this.#child = child;
    this.#options = options;
    this.ended = new Promise((resolve) => {
      child.once('error', () => resolve(this.#close(null, remove)));
      child.once('close', (code, signal) => resolve(this.#close(signal ?? code, remove)));
    });
    // A sandbox that is gone does not read; its end is what counts.
    child.stdin.on('error', () => {});
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  static async start(options: ProcessOptions): Promise<SandboxProcess> {
    const { folder, remove } = await makeCell(options.bundle);
    const command = await layered(
      [process.execPath, ...nodeFlags(folder, options.heapMegabytes)],
      options.heapMegabytes,
    );
    const [program = '', ...values] = command;
    const child = spawn(program, values, {
      cwd: folder,
      env: {},
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return new SandboxProcess(child, options, remove);
  }

  get liveCalls(): number {
    return this.#calls.size;
  }

  /** Begins a call inside; the first answer is on its way. */
  open(message: object, services: Services): HostCall {
    const call = new HostCall(randomUUID(), services, {
      send: (reply) => this.#send(reply),
      violated: (what) => this.#violated(what),
    });
    if (this.#verdict !== undefined) call.fail(this.#verdict);
    if (this.#calls.size === 0) this.#lastSignMs = performance.now();
    this.#calls.set(call.id, call);
    this.#send({ ...message, id: call.id });
    return call;
  }

  next(call: HostCall): void {
    this.#send({ kind: 'next', id: call.id });
  }

  /** Asks the sandbox to end a call, and stops it where the call has not ended after `graceSeconds`. */
  async end(call: HostCall, graceSeconds: number): Promise<void> {
    if (!call.isOver && !this.isEnded) {
      this.#send({ kind: 'end', id: call.id });
      const untilMs = performance.now() + graceSeconds * 1000;
      while (!call.isOver && !this.isEnded && performance.now() < untilMs)
        await new Promise((resolve) => setTimeout(resolve, 10));
      if (!call.isOver && !this.isEnded) this.#condemn('TimedOut', 'A call did not end when it was told to.');
    }
    this.#forget(call);
  }

  /** Stops it in any case. */
  async stop(failure = new CallFailed('Aborted', 'The sandbox was stopped.')): Promise<void> {
    this.#verdict ??= failure;
    this.#kill();
    await this.ended;
  }

  #forget(call: HostCall): void {
    this.#calls.delete(call.id);
    this.#endedIds.add(call.id);
    const [oldest] = this.#endedIds;
    if (this.#endedIds.size > MAX_ENDED && oldest !== undefined) this.#endedIds.delete(oldest);
  }

  #send(message: object): void {
    if (this.isEnded) return;
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    if (this.#child.stdin.writableLength > MAX_UNREAD_BYTES) this.#violated('it does not read what it asked for');
  }

  #read(chunk: string): void {
    if (this.#verdict !== undefined) return;
    const lines = this.#lines.push(chunk);
    if (lines === null) return this.#violated('a message is larger than 24 MiB');
    for (const line of lines) {
      this.#receive(line);
      if (this.#verdict !== undefined) return;
    }
  }

  #receive(line: string): void {
    const message = readGuestMessage(line);
    if (message === null) return this.#refuse(line);
    this.#lastSignMs = performance.now();
    if (message.kind === 'pong' || message.kind === 'console' || message.kind === 'tell')
      if (this.#isFlood()) return this.#violated('it floods the host with messages');
    if (message.kind === 'pong') return;
    if (message.kind === 'console') return this.#options.log({ level: message.level, message: message.message });
    const call = this.#calls.get(message.id);
    if (call !== undefined) return this.#deliver(call, message);
    if (!this.#endedIds.has(message.id)) this.#violated('a message for a call that is not there');
  }

  #deliver(call: HostCall, message: Exclude<GuestMessage, { kind: 'pong' | 'console' }>): void {
    if (message.kind === 'failed' && message.stack !== '')
      this.#options.log({ level: 'warn', message: message.stack.slice(0, 2000) });
    call.receive(message);
    if (call.isOver) this.#forget(call);
  }

  /** A request with wrong options is the author's mistake, and the author is told; anything else is no message of ours. */
  #refuse(line: string): void {
    const wrong = requestProblem(line);
    if (wrong === null || !this.#calls.has(wrong.id)) return this.#violated('a message that is none');
    if (this.#isFlood()) return this.#violated('it floods the host with messages');
    const error = { name: 'TypeError', message: wrong.problem.slice(0, 300), details: {} };
    this.#send({ kind: 'reply', id: wrong.id, seq: wrong.seq, error });
  }

  #isFlood(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#unasked.sinceMs > UNASKED_WINDOW_MS) this.#unasked = { count: 0, sinceMs: nowMs };
    this.#unasked.count += 1;
    return this.#unasked.count > MAX_UNASKED;
  }

  /** An endless loop answers no heartbeat. */
  #beat(): void {
    if (this.#calls.size === 0) return;
    const stalledMs = performance.now() - this.#lastSignMs;
    if (stalledMs > this.#options.stallSeconds * 1000)
      return this.#condemn(
        'TimedOut',
        `The plugin did nothing else for ${this.#options.stallSeconds} seconds: a loop without end?`,
      );
    this.#send({ kind: 'ping' });
  }

  #violated(what: string): void {
    this.#condemn('SandboxViolation', `The sandbox was stopped: ${what}.`);
  }

  #condemn(failure: FailureName, message: string): void {
    this.#verdict ??= new CallFailed(failure, message);
    this.hasCrashed = true;
    this.#failAll(this.#verdict);
    this.#kill();
  }

  #failAll(failure: CallFailed): void {
    for (const call of this.#calls.values()) call.fail(failure);
  }

  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.isEnded) return;
    try {
      // The whole group: the wrapper outside the namespace and the process inside.
      process.kill(-pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL');
    }
  }

  async #close(how: number | string | null, remove: () => Promise<void>): Promise<void> {
    this.isEnded = true;
    clearInterval(this.#heartbeat);
    if (this.#verdict === undefined) this.hasCrashed = true;
    this.#verdict ??= new CallFailed('PluginBug', this.#epitaph(how));
    this.#failAll(this.#verdict);
    await remove();
  }

  /**
   * V8 ends a process without memory by SIGABRT or SIGTRAP, which the first process of a namespace does not take, so that it ends by SIGSEGV there; a
   * wrapper answers 128 more than the signal.
   */
  #epitaph(how: number | string | null): string {
    const isMemory = ['SIGABRT', 'SIGTRAP', 'SIGSEGV', 134, 133, 139].includes(how ?? '');
    if (isMemory) return `The plugin took more memory than it may: ${this.#options.heapMegabytes} MiB.`;
    return `The plugin's process ended (${how ?? 'it could not be started'}).`;
  }
}
