import type { PluginDescription } from '../description.ts';
import type { RunningPlugin } from '../invocation.ts';

/** A line that a plugin wrote to `console`; what it says with `ctx.log` goes to the services of its call instead. */
export interface SandboxLine {
  readonly level: 'debug' | 'info' | 'warn';
  readonly message: string;
}

export interface StartOptions {
  /** Absolute path of the plugin's module. It must be whole: it is read once, at the first call. */
  readonly bundle: string;
  /** Most memory for its objects; 64 where absent. */
  readonly heapMegabytes?: number;
  /** The process is stopped after so long without a call, and started again by the next one; 60 where absent. */
  readonly idleSeconds?: number;
  readonly log?: (line: SandboxLine) => void;
}

export function startPlugin(_options: StartOptions): RunningPlugin {
  throw new Error('not yet');
}

/**
 * What the plugin contributes, by running it once.
 *
 * @throws CallFailed PluginBug where its module does not load or is no plugin, BundleRefused where what it says is wrong
 */
export async function describePlugin(_bundle: string): Promise<PluginDescription> {
  throw new Error('not yet');
}
