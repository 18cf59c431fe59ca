import { coverageOf, type Coverage, type CoverageLine, type WorkType } from '#modules/agreements';
import type { CalendarHours } from '#modules/sla';
import { proportionally } from './proportion.ts';

/** A stretch of work, from its first instant up to, not including, its last. */
export interface WorkSpan {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

/** What was done: when, and how many minutes of it count as worked. */
export interface Work {
  readonly workType: WorkType;
  /** In order, without overlap; more than one where the work was interrupted. */
  readonly spans: readonly WorkSpan[];
  readonly minutes: number;
}

/** What it is rated by. */
export interface Terms {
  /** The agreement's name; null without one. */
  readonly name: string | null;
  readonly lines: readonly CoverageLine[];
  /** Null where all hours are alike. */
  readonly calendar: CalendarHours | null;
}

/** Which hours a part of the work fell into; `any` where the contract has no calendar. */
export type Hours = 'any' | 'business-hours' | 'after-hours' | 'holiday';

/** A part of an entry that is rated alike. Minutes of the parts add up to the entry's. */
export interface RatedPart {
  readonly from: string;
  readonly to: string;
  readonly hours: Hours;
  /** The price of this part in percent of the line's: 150 after hours. */
  readonly percent: number;
  readonly workedMinutes: number;
  readonly billableMinutes: number;
  readonly reason: string;
}

export interface RatedWork {
  readonly coverage: Coverage['kind'];
  readonly line: CoverageLine | null;
  readonly billableMinutes: number;
  readonly billableReason: string;
  readonly parts: readonly RatedPart[];
}

/** Without a line that says otherwise, work is billed as it was done. */
const AS_WORKED = {
  minimumMinutes: 0,
  roundToMinutes: 1,
  rounding: 'up',
  maximumMinutes: null,
  billablePercent: 100,
  afterHoursPercent: 100,
  holidayPercent: null,
} as const satisfies Partial<CoverageLine>;

type Rule = Pick<CoverageLine, keyof typeof AS_WORKED>;
interface Cut extends WorkSpan {
  readonly hours: Hours;
  readonly coverage: Coverage;
}

/**
 * Rates work by a contract, always in this order, each step by a rule of the contract's line that covers the work:
 * 1. the work is cut where the contract's calendar begins or ends its hours, and each part is covered by a line, or by none (`coverageOf`);
 * 2. parts that a price already paid includes are billed at nothing; of the rest the line's share counts (`billablePercent`);
 * 3. that is rounded once, as a whole (`rounding` to `roundToMinutes`);
 * 4. it is at least the minimum (`minimumMinutes`) and 5. at most the cap (`maximumMinutes`);
 * 6. the whole is spread over the parts by their worked minutes, and each part keeps its multiplier (`afterHoursPercent`, `holidayPercent`).
 * Worked minutes are never changed. What counts for nothing is billed at nothing, without a minimum.
 */
export function rateWork(work: Work, terms: Terms): RatedWork {
  const cuts = work.spans.flatMap((span) => cutByHours(span, work.workType, terms));
  const worked = proportionally(
    work.minutes,
    cuts.map(({ from, to }) => to.epochNanoseconds - from.epochNanoseconds),
  );
  const charged = cuts.map(({ coverage }, index) => (coverage.kind === 'included' ? 0 : (worked[index] ?? 0)));
  const chargedMinutes = charged.reduce((sum, minutes) => sum + minutes, 0);
  const covering = cuts.find(({ coverage }) => coverage.kind !== 'included')?.coverage ?? cuts[0]?.coverage;
  if (covering === undefined) throw new RangeError('Work has at least one span.');
  const rule = covering.line ?? AS_WORKED;
  const billable = chargedMinutes === 0 ? { minutes: 0, reason: '' } : billableMinutes(chargedMinutes, rule);
  const billed = proportionally(
    billable.minutes,
    charged.map((minutes) => BigInt(minutes)),
  );
  const included = work.minutes - chargedMinutes;
  const partly = included > 0 && chargedMinutes > 0 ? `${included} of ${work.minutes} min included; ` : '';
  return {
    coverage: covering.kind,
    line: covering.line,
    billableMinutes: billable.minutes,
    billableReason: billable.reason === '' ? covering.reason : `${covering.reason}; ${partly}${billable.reason}`,
    parts: cuts.map((cut, index) => ({
      from: cut.from.toString(),
      to: cut.to.toString(),
      hours: cut.hours,
      percent: cut.coverage.kind === 'included' ? 100 : percentOf(cut.hours, cut.coverage.line ?? AS_WORKED),
      workedMinutes: worked[index] ?? 0,
      billableMinutes: billed[index] ?? 0,
      reason: partReason(cut, terms),
    })),
  };
}

/** Billable minutes by a line's share, rounding, minimum and cap, in this order, and the sentence that says which of them changed something. */
export function billableMinutes(workedMinutes: number, rule: Rule): { minutes: number; reason: string } {
  if (workedMinutes <= 0) return { minutes: 0, reason: 'nothing was worked' };
  if (rule.billablePercent === 0) return { minutes: 0, reason: 'none of it is billed' };
  // In hundredths of a minute, so that no fraction is lost before it is rounded.
  const share = workedMinutes * rule.billablePercent;
  const step = rule.roundToMinutes * 100;
  const steps =
    rule.rounding === 'up'
      ? Math.ceil(share / step)
      : rule.rounding === 'down'
        ? Math.floor(share / step)
        : Math.floor((2 * share + step) / (2 * step));
  const rounded = steps * rule.roundToMinutes;
  const atLeast = Math.max(rounded, rule.minimumMinutes);
  const minutes = Math.min(atLeast, rule.maximumMinutes ?? atLeast);
  const reasons = [
    ...(rule.billablePercent === 100 ? [] : [`${rule.billablePercent} % of it`]),
    ...(rounded * 100 === share ? [] : [`rounded ${ROUNDED[rule.rounding]} ${rule.roundToMinutes} min`]),
    ...(atLeast > rounded ? [`at least ${rule.minimumMinutes} min`] : []),
    ...(minutes < atLeast ? [`at most ${rule.maximumMinutes} min`] : []),
  ];
  return { minutes, reason: reasons.length === 0 ? 'as worked' : reasons.join(', ') };
}

const ROUNDED = { up: 'up to', down: 'down to', nearest: 'to the nearest' } as const;

/** Parts with another number of billable minutes, as a person said it: on what was charged, or on everything where nothing was. */
export function spreadBillable(parts: readonly RatedPart[], minutes: number): RatedPart[] {
  const isCharged = parts.some((part) => part.billableMinutes !== 0);
  const weights = parts.map((part) => BigInt(!isCharged || part.billableMinutes !== 0 ? part.workedMinutes : 0));
  const spread = proportionally(minutes, weights);
  return parts.map((part, index) => ({ ...part, billableMinutes: spread[index] ?? 0 }));
}

function cutByHours(span: WorkSpan, workType: WorkType, { lines, calendar }: Terms): Cut[] {
  const spans =
    calendar === null
      ? [{ ...span, hours: 'any' as const }]
      : calendar.cut(span.from, span.to).map(({ from, to, reason }) => ({ from, to, hours: HOURS[reason] }));
  return spans.map((cut) => ({
    ...cut,
    coverage: coverageOf(lines, workType, cut.hours === 'after-hours' || cut.hours === 'holiday'),
  }));
}

const HOURS = {
  '24x7': 'any',
  'business-hours': 'business-hours',
  'outside-hours': 'after-hours',
  holiday: 'holiday',
} as const;

function percentOf(hours: Hours, rule: Pick<CoverageLine, 'afterHoursPercent' | 'holidayPercent'>): number {
  if (hours === 'after-hours') return rule.afterHoursPercent;
  return hours === 'holiday' ? (rule.holidayPercent ?? rule.afterHoursPercent) : 100;
}

const HOURS_WORDS = {
  any: '',
  'business-hours': ' in business hours',
  'after-hours': ' after hours',
  holiday: ' on a holiday',
} as const;

/** `18:00–19:30 after hours ×1.5 by “Support Gold”, calendar Berlin v3`, in the calendar's zone. */
function partReason(cut: Cut, { name, calendar }: Terms): string {
  if (calendar === null) return cut.coverage.reason;
  const [from, to] = [cut.from, cut.to].map((at) =>
    at.toZonedDateTimeISO(calendar.zone).toPlainTime().toString().slice(0, 5),
  );
  const percent = cut.coverage.kind === 'included' ? 100 : percentOf(cut.hours, cut.coverage.line ?? AS_WORKED);
  const how = cut.coverage.kind === 'included' ? ' included' : percent === 100 ? '' : ` ×${percent / 100}`;
  const by = name === null ? '' : ` by “${name}”`;
  return `${from}–${to}${HOURS_WORDS[cut.hours]}${how}${by}, calendar ${calendar.name} v${calendar.number}`;
}
