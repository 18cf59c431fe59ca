import { CallFailed, type RunningPlugin } from '../invocation.ts';
import { SandboxedPlugin } from './sandboxed-plugin.ts';
import type { StartOptions } from './start-plugin.ts';

export interface PoolOptions extends Omit<StartOptions, 'bundle'> {
  /** Most processes at once; the one unused for longest makes room. 24 where absent. */
  readonly maxProcesses?: number;
  /** How long a call waits for room while all are busy; 30 where absent. */
  readonly waitSeconds?: number;
}

/** The sandboxes of a host: one for each plugin version and MSP, started on demand. */
export class PluginPool implements AsyncDisposable {
  readonly #options: PoolOptions;
  readonly #plugins = new Map<string, SandboxedPlugin>();
  /** Those with a process, or about to have one; the one unused for longest first. */
  readonly #running = new Set<SandboxedPlugin>();
  #room = Promise.withResolvers<void>();
  #isDisposed = false;

  constructor(options: PoolOptions = {}) {
    this.#options = options;
  }

  /** How many processes there are. */
  get processes(): number {
    return this.#running.size;
  }

  /**
   * The plugin under this key, to be called; its process starts with the first call.
   *
   * @param key names the plugin version and the MSP: `${versionId}:${mspId}`; the same key is always the same bundle
   */
  get(key: string, bundle: string): RunningPlugin {
    if (this.#isDisposed) throw new CallFailed('Aborted', 'The host is stopping.');
    const known = this.#plugins.get(key);
    if (known !== undefined) return known;
    const plugin: SandboxedPlugin = new SandboxedPlugin(
      { ...this.#options, bundle },
      {
        enter: async () => this.#enter(plugin),
        leave: () => this.#changed(() => this.#running.delete(plugin)),
        idle: () =>
          this.#changed(() => this.#running.has(plugin) && this.#running.delete(plugin) && this.#running.add(plugin)),
      },
    );
    this.#plugins.set(key, plugin);
    return plugin;
  }

  /** Stops the process under this key and forgets it: the version was removed. */
  async stop(key: string): Promise<void> {
    const plugin = this.#plugins.get(key);
    this.#plugins.delete(key);
    await plugin?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await Promise.all([...this.#plugins.values()].map(async (plugin) => plugin.stop()));
    this.#plugins.clear();
  }

  async #enter(plugin: SandboxedPlugin): Promise<void> {
    const { maxProcesses = 24, waitSeconds = 30 } = this.#options;
    const untilMs = performance.now() + waitSeconds * 1000;
    while (this.#running.size >= maxProcesses) {
      const victim = [...this.#running].find((running) => running.isIdle);
      if (victim !== undefined) await victim.stop();
      else await this.#roomWithin(untilMs - performance.now());
    }
    this.#running.add(plugin);
  }

  async #roomWithin(waitMs: number): Promise<void> {
    if (waitMs <= 0) throw new CallFailed('Transient', 'All sandboxes are busy.');
    const timer = Promise.withResolvers<void>();
    const late = setTimeout(timer.resolve, waitMs);
    await Promise.race([this.#room.promise, timer.promise]);
    clearTimeout(late);
  }

  #changed(change: () => unknown): void {
    change();
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}
