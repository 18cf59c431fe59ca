import type { Bench } from './bench.ts';
import type { Tier } from './report.ts';

/** A check of the acceptance kit. */
export interface Check {
  /** Kebab case; never changes, because exemptions name it. */
  readonly name: string;
  readonly tier: Exclude<Tier, 'none'>;
  /** What it makes sure of, in a sentence. */
  readonly promise: string;
  /** Answers what is worth saying where it passed. @throws CheckFailed, NotApplicable; whatever else is thrown fails the check too */
  run(bench: Bench): Promise<string | void>;
}

/** Checks that belong together. */
export interface CheckGroup {
  readonly name: string;
  readonly checks: readonly Check[];
}

/** The plugin does not keep the promise; the message says what was seen. */
export class CheckFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CheckFailed';
  }
}

/** There is nothing to check; the message says why. */
export class NotApplicable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotApplicable';
  }
}

/** @throws CheckFailed where the condition does not hold */
export function expect(condition: boolean, message: string): asserts condition {
  if (!condition) throw new CheckFailed(message);
}

/** @throws NotApplicable where the condition does not hold */
export function appliesIf(condition: boolean, message: string): asserts condition {
  if (!condition) throw new NotApplicable(message);
}

/** At most five, and how many more. */
export function some(list: readonly string[]): string {
  const shown = list.slice(0, 5).join('; ');
  return list.length > 5 ? `${shown}; and ${list.length - 5} more` : shown;
}
