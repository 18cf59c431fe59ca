import type { FailureName, PassReport } from '@bailiwick/plugin-runtime';
import type { RunOutcome } from './sync-table.ts';

/** Longest pause of a stream that keeps failing. */
const LONGEST_PAUSE = Temporal.Duration.from({ hours: 6 });
/** So many failures in a row before a person is asked to look: single ones are the weather of the internet. */
export const FAILURES_BEFORE_ISSUE = 3;

/** What time alone may mend: no issue before it has failed several times. */
const PASSING: ReadonlySet<FailureName> = new Set(['Transient', 'RateLimited', 'TimedOut', 'Aborted']);

/** How a pass is written down. */
export function outcomeOf(report: PassReport): RunOutcome {
  if (report.end === 'failed') return report.failure?.failure === 'Aborted' ? 'stopped' : 'failed';
  if (report.end === 'budget') return 'stopped';
  return report.heldBack === null ? 'succeeded' : 'held-back';
}

/** When the stream runs next: at its rhythm, at once where it stopped in good order, with doubled pauses while it fails. */
export function nextTurn(input: {
  readonly now: Temporal.Instant;
  readonly every: Temporal.Duration;
  readonly outcome: RunOutcome;
  readonly failures: number;
  readonly retryAfterSeconds: number | undefined;
}): Temporal.Instant {
  const { now, every, outcome, failures, retryAfterSeconds } = input;
  if (outcome === 'stopped') return now.add({ seconds: 5 });
  if (outcome !== 'failed') return now.add(every);
  const seconds = Math.max(
    retryAfterSeconds ?? 0,
    Math.min(every.total('seconds') * 2 ** Math.min(failures - 1, 16), LONGEST_PAUSE.total('seconds')),
  );
  return now.add({ seconds: Math.ceil(seconds) });
}

/** Whether a failure is to be shown to a person now. */
export function isForPerson(failure: FailureName, failures: number): boolean {
  return !PASSING.has(failure) || failures >= FAILURES_BEFORE_ISSUE;
}

/** What to do about a failure, in a sentence. */
export function remedyFor(failure: FailureName): string {
  switch (failure) {
    case 'AuthFailed':
      return 'Enter the credential again in the connection, and test it.';
    case 'PermissionMissing':
      return "Give the connection's account the missing right at the vendor, then read again.";
    case 'RateLimited':
      return "The vendor's quota is used up. Slow the stream down, or ask the vendor for more.";
    case 'Transient':
    case 'TimedOut':
    case 'Aborted':
      return 'The vendor does not answer. It is tried again by itself; see whether the vendor reports an outage.';
    case 'ScopeGone':
      return 'The vendor does not know this scope any more. Discover scopes again, and unmap it if it is gone for good.';
    case 'ConfigInvalid':
      return 'Correct the configuration of the connection.';
    case 'NotSupported':
      return "This account does not have what the stream reads. Pause the stream, or change the vendor's plan.";
    case 'VendorBug':
      return "The vendor's answers break its own contract. Nothing was deleted. Report it to the plugin's author if it stays.";
    case 'PluginBug':
      return "The plugin has a fault. Report it to its author with the connection's diagnostics; an earlier version may work.";
    case 'SandboxViolation':
      return 'The plugin tried something that it may not. It was stopped. Ask its author why, or uninstall it.';
  }
}
