import { checkReferences } from '../bundle/contribution-rules.ts';
import { readDescription } from '../bundle/description-schema.ts';
import type { PluginDescription } from '../description.ts';
import type { RunningPlugin, Services } from '../invocation.ts';
import type { SandboxLine } from './sandbox-process.ts';
import { SandboxedPlugin } from './sandboxed-plugin.ts';

export interface StartOptions {
  /** Absolute path of the plugin's module. It must be whole: it is copied when its process starts. */
  readonly bundle: string;
  /** Most memory for its objects; 64 where absent. */
  readonly heapMegabytes?: number;
  /** The process is stopped after so long without a call, and started again by the next one; 60 where absent. */
  readonly idleSeconds?: number;
  /** A process that does not answer the heartbeat for so long is stopped; 10 where absent. */
  readonly stallSeconds?: number;
  readonly log?: (line: SandboxLine) => void;
}

/** A plugin in a process of its own, which the first call starts. After `stop`, a further call starts it again. */
export function startPlugin(options: StartOptions): RunningPlugin {
  return new SandboxedPlugin(options);
}

/**
 * What the plugin contributes, by running it once.
 *
 * @throws CallFailed where its module does not load or is no plugin, BundleRefused where what it says is wrong
 */
export async function describePlugin(
  bundle: string,
  options: Omit<StartOptions, 'bundle'> = {},
): Promise<PluginDescription> {
  const description = readDescription(await describeUnchecked(bundle, options));
  checkReferences(description);
  return description;
}

/**
 * What the plugin says of itself, as it comes out of the sandbox. Nothing of it is checked: for tools that tell an author what is wrong with it.
 *
 * @throws CallFailed where its module does not load or is no plugin
 */
export async function describeUnchecked(bundle: string, options: Omit<StartOptions, 'bundle'> = {}): Promise<unknown> {
  const plugin = new SandboxedPlugin({ ...options, bundle });
  try {
    return await plugin.describe(noServices);
  } finally {
    await plugin.stop();
  }
}

const refuse = async (): Promise<never> => {
  throw new Error('Describing has no services.');
};

const noServices: Services = {
  http: refuse,
  stateGet: refuse,
  stateSet: refuse,
  stateDelete: refuse,
  log: () => {},
  raiseIssue: () => {},
};
