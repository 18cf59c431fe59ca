import { ConflictError } from '#kernel/errors';
import type { AgreementLineId } from './agreement-table.ts';

export const AGREEMENT_STATES = ['draft', 'active', 'ended'] as const;
export type AgreementState = (typeof AGREEMENT_STATES)[number];

/** How long a service period is. */
export const BILLING_PERIODS = ['monthly', 'quarterly', 'yearly'] as const;
/** One of the lengths of a service period. */
export type BillingPeriod = (typeof BILLING_PERIODS)[number];

/**
 * `flat`: a price a period. `per-device`: a price a period for each counted asset. `time-and-materials`: a price an hour. `block-hours`: hours bought ahead for each period, at a price an
 * hour; work is drawn from them, and what goes beyond has a price of its own.
 */
export const LINE_KINDS = ['flat', 'per-device', 'time-and-materials', 'block-hours'] as const;
/** What a line of an agreement sells, and so how its quantity is found. */
export type LineKind = (typeof LINE_KINDS)[number];

/** What work on a ticket can be, for coverage and rates. */
export const WORK_TYPES = ['remote', 'onsite', 'travel', 'project', 'maintenance'] as const;
/** Where and when work is done; an agreement covers some kinds and not others. */
export type WorkType = (typeof WORK_TYPES)[number];

/** Ways to round worked minutes to a contract's steps. */
export const ROUNDINGS = ['up', 'nearest', 'down'] as const;
/** Which whole step worked minutes go to; `nearest` takes a half up. */
export type Rounding = (typeof ROUNDINGS)[number];

/** `hourly`: by the minute, at a price an hour. `per-entry`: the price once for each entry, however long it is, as for a journey. */
export const CHARGES = ['hourly', 'per-entry'] as const;
/** What the price of a time-and-materials line is for. */
export type Charge = (typeof CHARGES)[number];

/** What coverage and rating need to know of a line. */
export interface CoverageLine {
  readonly id: AgreementLineId;
  readonly kind: LineKind;
  readonly description: string;
  readonly workTypes: readonly WorkType[];
  readonly minimumMinutes: number;
  readonly roundToMinutes: number;
  readonly rounding: Rounding;
  /** The most that one entry is billed for; null is no cap. */
  readonly maximumMinutes: number | null;
  readonly charge: Charge;
  /** How much of what was worked counts, in percent: 50 for journeys at half. */
  readonly billablePercent: number;
  /** The price outside the contract's hours in percent of the price within: 150 is half as much again. */
  readonly afterHoursPercent: number;
  /** The same on its holidays; null is as outside its hours. */
  readonly holidayPercent: number | null;
  /** False for a price that includes work within the contract's hours only. */
  readonly coversAfterHours: boolean;
}

/** Whether work is in a price already paid, billed by the hour, or in no line at all. */
export interface Coverage {
  readonly kind: 'included' | 'billable' | 'not-covered';
  readonly line: CoverageLine | null;
  readonly reason: string;
}

/**
 * How the lines of an agreement treat a type of work, within its hours or outside. A flat or per-device line that names it includes it; else a time-and-materials line that names it bills
 * it; else it is not covered. Included wins: nobody pays twice for one hour; hours bought ahead are drawn from before others are billed.
 */
export function coverageOf(lines: readonly CoverageLine[], workType: WorkType, isAfterHours = false): Coverage {
  const naming = lines.filter((line) => line.workTypes.includes(workType));
  const included = naming.find(
    (line) => (line.kind === 'flat' || line.kind === 'per-device') && (line.coversAfterHours || !isAfterHours),
  );
  if (included !== undefined)
    return { kind: 'included', line: included, reason: `${workType} work is included in “${included.description}”` };
  const block = naming.find((line) => line.kind === 'block-hours');
  if (block !== undefined)
    return { kind: 'billable', line: block, reason: `${workType} work is drawn from “${block.description}”` };
  const billable = naming.find((line) => line.kind === 'time-and-materials');
  if (billable !== undefined)
    return { kind: 'billable', line: billable, reason: `${workType} work is billed by “${billable.description}”` };
  return { kind: 'not-covered', line: null, reason: `no line of the agreement names ${workType} work` };
}

/** Throws `agreements.not-draft` for an agreement whose lines and dates are in force and stay as they were agreed. */
export function assertDraft(state: AgreementState): void {
  if (state !== 'draft')
    throw new ConflictError(
      'agreements.not-draft',
      'What is in force stays as it was agreed. Set its last day, or make its successor, which ends it.',
    );
}
