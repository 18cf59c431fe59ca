import type { ClientId } from '#kernel/id';
import { coverageOf, type AgreementHolding, type WorkType } from '#modules/agreements';
import type { SiteId } from '#modules/tenancy';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { billableMinutes } from './time-entry.ts';
import type { TimeEntryRow } from './time-store.ts';

/** The part of an entry that follows from the agreement that holds. */
export type Rating = Pick<
  TimeEntryRow,
  | 'agreement_client_id'
  | 'agreement_id'
  | 'agreement_line_id'
  | 'agreement_reason'
  | 'coverage'
  | 'billable_minutes'
  | 'billable_reason'
>;

/** Without an agreement that says otherwise, work is billed as it was done. */
const AS_WORKED = { minimumMinutes: 0, roundToMinutes: 1, rounding: 'up' } as const;

/** Rates worked time by the agreement that held when it was done, and says why. */
export async function rateTime(
  tx: AnyTransaction,
  agreements: AgreementHolding,
  work: { clientId: ClientId; siteId: SiteId | null; workType: WorkType; startedAt: Temporal.Instant; minutes: number },
): Promise<Rating> {
  const holding = await agreements.agreementFor(tx, { ...work, at: work.startedAt });
  const coverage = coverageOf(await agreements.linesOf(tx, holding.agreementId), work.workType);
  const billable =
    coverage.kind === 'included'
      ? { minutes: 0, reason: coverage.reason }
      : billableMinutes(work.minutes, coverage.line ?? AS_WORKED);
  return {
    agreement_client_id: holding.agreementClientId,
    agreement_id: holding.agreementId,
    agreement_line_id: coverage.line?.id ?? null,
    agreement_reason: holding.reason,
    coverage: coverage.kind,
    billable_minutes: billable.minutes,
    billable_reason: coverage.kind === 'included' ? billable.reason : `${coverage.reason}; ${billable.reason}`,
  };
}
