import type { Accepted } from '@bailiwick/plugin-runtime';
import type { AcceptanceReport, Outcome } from './report.ts';

/** The part of a report that is packed with the plugin: no times, so that packing twice gives the same bytes. */
export function toAccepted({ tier, checks }: AcceptanceReport): Accepted {
  const count = (outcome: Outcome): number => checks.filter((check) => check.outcome === outcome).length;
  return {
    tier,
    passed: count('pass'),
    failed: count('fail'),
    notApplicable: count('not-applicable'),
    exempt: checks.filter(({ outcome }) => outcome === 'exempt').map(({ name, reason }) => ({ check: name, reason })),
  };
}
