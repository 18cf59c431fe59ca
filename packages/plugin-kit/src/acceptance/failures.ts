import { CallFailed, type FailureName } from '@bailiwick/plugin-runtime';
import { CheckFailed } from './check.ts';

/**
 * The failure with which the work ended.
 *
 * @throws CheckFailed where it did not fail
 */
export async function failureOf(work: Promise<unknown>, otherwise: string): Promise<CallFailed> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CallFailed) return error;
    throw error;
  }
  throw new CheckFailed(otherwise);
}

/** A plugin's own bugs and the host's verdicts on it: what no fault of a vendor may lead to. */
const bugs: ReadonlySet<FailureName> = new Set(['PluginBug', 'SandboxViolation', 'TimedOut']);

/** Whether a failure says what the host should do, instead of being the plugin's bug. */
export function isTyped({ failure }: CallFailed): boolean {
  return !bugs.has(failure);
}

/** A failure in words. */
export function tell({ failure, message }: CallFailed): string {
  return `${failure}: ${message}`;
}
