import type { RunningPlugin } from '../invocation.ts';
import type { StartOptions } from './start-plugin.ts';

export interface PoolOptions extends Omit<StartOptions, 'bundle'> {
  /** Most processes at once; the one unused for longest makes room. 24 where absent. */
  readonly maxProcesses?: number;
}

/** The sandboxes of a host: one for each plugin version and MSP, started on demand. */
export class PluginPool implements AsyncDisposable {
  constructor(_options: PoolOptions = {}) {}

  /** @param key names the plugin version and the MSP: `${versionId}:${mspId}` */
  get(_key: string, _bundle: string): RunningPlugin {
    throw new Error('not yet');
  }

  async stop(_key: string): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
