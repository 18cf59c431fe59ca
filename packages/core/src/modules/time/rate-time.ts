import type { ClientId } from '#kernel/id';
import type { AgreementHolding } from '#modules/agreements';
import type { BusinessHours } from '#modules/sla';
import type { ClientQueries, SiteId } from '#modules/tenancy';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { rateWork, spreadBillable, type RatedPart, type Work } from './rate-work.ts';
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
> & { readonly parts: readonly RatedPart[] };

/** What rating asks of other modules. */
export interface RatingRules {
  readonly agreements: AgreementHolding;
  readonly hours: BusinessHours;
  readonly clients: ClientQueries;
}

/** Rates worked time by the agreement that held when it began, and says why. Work for the MSP itself is billed to nobody, unless it made an agreement with itself. */
export async function rateTime(
  tx: AnyTransaction,
  { agreements, hours, clients }: RatingRules,
  where: { clientId: ClientId; siteId: SiteId | null },
  work: Work,
): Promise<Rating> {
  const at = work.spans[0]?.from;
  if (at === undefined) throw new RangeError('Work has at least one span.');
  const holding = await agreements.agreementFor(tx, { ...where, at });
  const { agreementId } = holding;
  const rated = rateWork(work, {
    name: holding.name,
    lines: await agreements.linesOf(tx, agreementId),
    calendar: await hours.of(tx, await agreements.calendarOf(tx, agreementId)),
  });
  if (agreementId === null && (await clients.isInternal(tx.scope, where.clientId)))
    return {
      agreement_client_id: null,
      agreement_id: null,
      agreement_line_id: null,
      agreement_reason: 'Internal work needs no agreement.',
      coverage: 'not-covered',
      billable_minutes: 0,
      billable_reason: 'internal work is billed to nobody',
      parts: spreadBillable(rated.parts, 0),
    };
  return {
    agreement_client_id: holding.agreementClientId,
    agreement_id: agreementId,
    agreement_line_id: rated.line?.id ?? null,
    agreement_reason: holding.reason,
    coverage: rated.coverage,
    billable_minutes: rated.billableMinutes,
    billable_reason: rated.billableReason,
    parts: rated.parts,
  };
}

/** A rating with a person's word on how much is billable in the place of the agreement's. */
export function withBillable(
  rating: Rating,
  billable: { readonly minutes: number; readonly reason: string } | null,
): Rating {
  if (billable === null) return rating;
  return {
    ...rating,
    billable_minutes: billable.minutes,
    billable_reason: billable.reason,
    parts: spreadBillable(rating.parts, billable.minutes),
  };
}

/** The stretches that an entry was worked in: its parts, joined where they touch; for an entry without parts from its start on. */
export function spansOf(entry: Pick<TimeEntryRow, 'started_at' | 'worked_minutes' | 'parts'>): Work['spans'] {
  const spans: { from: Temporal.Instant; to: Temporal.Instant }[] = [];
  for (const part of entry.parts) {
    const [from, to] = [Temporal.Instant.from(part.from), Temporal.Instant.from(part.to)];
    const last = spans.at(-1);
    if (last !== undefined && last.to.equals(from)) last.to = to;
    else spans.push({ from, to });
  }
  if (spans.length > 0) return spans;
  return [{ from: entry.started_at, to: entry.started_at.add({ minutes: Math.abs(entry.worked_minutes) }) }];
}
