/** `threshold` judges samples, `absence` that there are none. */
export const CHECK_KINDS = ['threshold', 'absence'] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

/** On which side of its threshold a value is bad. */
export const COMPARISONS = ['above', 'below'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** From the least to the worst. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
/** How bad it is when a check fires. */
export type Severity = (typeof SEVERITIES)[number];

/** What a threshold check asks of each sample. `recoverThreshold` lies on the good side of `threshold`, or is the same. */
export interface Rule {
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly recoverThreshold: number;
  readonly forSeconds: number;
}

export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** What is remembered of a series between two samples; none is remembered of one that is all right. */
export interface CheckState {
  readonly phase: 'pending' | 'firing';
  /** Since when every sample was bad. */
  readonly sinceMs: number;
  readonly lastAtMs: number;
}

export interface Step {
  readonly state: CheckState | null;
  readonly change: 'raised' | 'recovered' | null;
}

/** Samples further apart prove nothing about the time between them: agents report each half minute, other sources up to each five minutes. */
export const MAX_GAP_MS = 330_000;

/** Judges the next sample of a series. A sample that is not newer than the last one judged changes nothing. */
export function judge(rule: Rule, state: CheckState | null, sample: Sample): Step {
  if (state !== null && sample.atMs <= state.lastAtMs) return { state, change: null };
  if (state?.phase === 'firing') {
    if (isGoodAgain(rule, sample.value)) return { state: null, change: 'recovered' };
    return { state: { ...state, lastAtMs: sample.atMs }, change: null };
  }
  if (!isBad(rule, sample.value)) return { state: null, change: null };
  const isContinued = state !== null && sample.atMs - state.lastAtMs <= MAX_GAP_MS;
  const sinceMs = isContinued ? state.sinceMs : sample.atMs;
  const isDue = sample.atMs - sinceMs >= rule.forSeconds * 1000;
  return {
    state: { phase: isDue ? 'firing' : 'pending', sinceMs, lastAtMs: sample.atMs },
    change: isDue ? 'raised' : null,
  };
}

export function isBad(rule: Pick<Rule, 'comparison' | 'threshold'>, value: number): boolean {
  return rule.comparison === 'above' ? value > rule.threshold : value < rule.threshold;
}

function isGoodAgain(rule: Rule, value: number): boolean {
  return rule.comparison === 'above' ? value <= rule.recoverThreshold : value >= rule.recoverThreshold;
}

/** Whether the recover threshold lies on the good side of the threshold. */
export function isHysteresisSound(rule: Omit<Rule, 'forSeconds'>): boolean {
  return rule.comparison === 'above'
    ? rule.recoverThreshold <= rule.threshold
    : rule.recoverThreshold >= rule.threshold;
}
