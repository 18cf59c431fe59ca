import {
  CallFailed,
  type Call,
  type CallAnswers,
  type CallOptions,
  type PullAnswers,
  type PullCall,
  type RunningPlugin,
  type Services,
} from '../invocation.ts';
import type { HostCall } from './host-call.ts';
import { SandboxProcess } from './sandbox-process.ts';
import type { StartOptions } from './start-plugin.ts';

/** What a pool wants to know and decide. */
export interface Admission {
  /** Before a process starts; waits for room. */
  enter(): Promise<void>;
  /** It has ended. */
  leave(): void;
  /** Its last call has ended. */
  idle(): void;
}

const MAX_BACKOFF_SECONDS = 60;
const END_GRACE_SECONDS = 2;

/** A plugin whose process comes with the first call and goes when nobody calls. */
export class SandboxedPlugin implements RunningPlugin {
  readonly #options: StartOptions;
  readonly #admission: Admission | undefined;
  #process: Promise<SandboxProcess> | undefined;
  #stopping: Promise<void> | undefined;
  #live = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #crashes = 0;
  #notBeforeMs = 0;

  constructor(options: StartOptions, admission?: Admission) {
    this.#options = options;
    this.#admission = admission;
  }

  get isIdle(): boolean {
    return this.#live === 0;
  }

  async call<C extends Call>(call: C, options: CallOptions): Promise<CallAnswers[C['kind']]> {
    const answer = await this.#single({ kind: 'call', call, binding: options.binding }, options);
    return answer as CallAnswers[C['kind']];
  }

  /** @throws CallFailed */
  async describe(services: Services): Promise<unknown> {
    return this.#single({ kind: 'describe' }, { services });
  }

  async *pull<C extends PullCall>(call: C, options: CallOptions): AsyncGenerator<PullAnswers[C['kind']]> {
    const { process, opened } = await this.#open({ kind: 'call', call, binding: options.binding }, options);
    try {
      for (;;) {
        const answer = await this.#answer(process, opened, options);
        if (answer.isDone) return;
        yield answer.value as PullAnswers[C['kind']];
        process.next(opened);
      }
    } finally {
      await this.#close(process, opened);
    }
  }

  async stop(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    clearTimeout(this.#idleTimer);
    // A second caller waits for the same end: a pool that makes room must not go on before there is some.
    if (process !== undefined) this.#stopping = process.then(async (running) => running.stop()).catch(() => {});
    await this.#stopping;
  }

  async #single(
    message: object,
    options: Pick<CallOptions, 'services' | 'signal' | 'timeoutSeconds'>,
  ): Promise<unknown> {
    const { process, opened } = await this.#open(message, options);
    try {
      return (await this.#answer(process, opened, options)).value;
    } finally {
      await this.#close(process, opened);
    }
  }

  async #open(
    message: object,
    { services, signal }: Pick<CallOptions, 'services' | 'signal'>,
  ): Promise<{ process: SandboxProcess; opened: HostCall }> {
    if (signal?.aborted === true) throw aborted();
    this.#live += 1;
    clearTimeout(this.#idleTimer);
    try {
      const process = await this.#running();
      return { process, opened: process.open(message, services) };
    } catch (error) {
      this.#rest();
      throw error;
    }
  }

  /** @throws CallFailed */
  async #answer(
    process: SandboxProcess,
    call: HostCall,
    { signal, timeoutSeconds = 60 }: Pick<CallOptions, 'signal' | 'timeoutSeconds'>,
  ): Promise<{ readonly isDone: boolean; readonly value: unknown }> {
    const abort = (): void => call.fail(aborted());
    const late = setTimeout(
      () => call.fail(new CallFailed('TimedOut', `The plugin did not answer within ${timeoutSeconds} seconds.`)),
      timeoutSeconds * 1000,
    );
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    try {
      const answer = await call.answer();
      this.#crashes = 0;
      return answer;
    } finally {
      clearTimeout(late);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** The caller need not wait until the sandbox has put the call away. */
  async #close(process: SandboxProcess, call: HostCall): Promise<void> {
    const isOver = process.end(call, END_GRACE_SECONDS);
    void isOver.finally(() => this.#rest());
    if (call.isOver) await isOver;
  }

  #rest(): void {
    this.#live -= 1;
    if (this.#live > 0) return;
    this.#admission?.idle();
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.stop(), (this.#options.idleSeconds ?? 60) * 1000).unref();
  }

  async #running(): Promise<SandboxProcess> {
    for (;;) {
      const starting = (this.#process ??= this.#start());
      try {
        const process = await starting;
        if (!process.isEnded && !process.hasCrashed) return process;
        await process.ended;
        this.#clear(starting);
      } catch (error) {
        this.#clear(starting);
        throw error;
      }
    }
  }

  #clear(starting: Promise<SandboxProcess>): void {
    if (this.#process === starting) this.#process = undefined;
  }

  async #start(): Promise<SandboxProcess> {
    const waitMs = this.#notBeforeMs - performance.now();
    if (waitMs > 0)
      throw new CallFailed(
        'Transient',
        `The plugin has crashed; it is started again in ${Math.ceil(waitMs / 1000)} s.`,
      );
    await this.#admission?.enter();
    try {
      const { bundle, heapMegabytes = 64, stallSeconds = 10, log = () => {} } = this.#options;
      const process = await SandboxProcess.start({ bundle, heapMegabytes, stallSeconds, log });
      void process.ended.then(() => this.#ended(process));
      return process;
    } catch (error) {
      this.#admission?.leave();
      throw error;
    }
  }

  /** The first crash is forgiven; each further one in a row doubles the pause. */
  #ended(process: SandboxProcess): void {
    this.#admission?.leave();
    if (!process.hasCrashed) return;
    this.#crashes += 1;
    if (this.#crashes < 2) return;
    this.#notBeforeMs = performance.now() + Math.min(2 ** (this.#crashes - 2), MAX_BACKOFF_SECONDS) * 1000;
  }
}

function aborted(): CallFailed {
  return new CallFailed('Aborted', 'The call was ended by the host.');
}
