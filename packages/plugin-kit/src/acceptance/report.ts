/** How far a plugin came: each tier has all checks of those below it. */
export type Tier = 'none' | 'bronze' | 'silver' | 'gold';

/** What became of one check. An exemption is a failure that the author gave a reason for. */
export type Outcome = 'pass' | 'fail' | 'not-applicable' | 'exempt';

/** One check of the acceptance kit, run. */
export interface CheckReport {
  /** Stable; `acceptance.json` names it. */
  readonly name: string;
  readonly group: string;
  /** The tier that needs it. */
  readonly tier: Exclude<Tier, 'none'>;
  /** What it makes sure of, in a sentence. */
  readonly promise: string;
  readonly outcome: Outcome;
  /** Why it failed, does not apply, or is excused; what was seen, where it passed and there is something to say. */
  readonly reason: string;
  readonly ms: number;
}

/** What the acceptance kit found. */
export interface AcceptanceReport {
  /** `<publisher>/<name>`. */
  readonly plugin: string;
  readonly version: string;
  readonly tier: Tier;
  readonly checks: readonly CheckReport[];
  readonly ms: number;
}

const tiers = ['bronze', 'silver', 'gold'] as const;

/** The highest tier whose checks, and those of the tiers below it, all passed or do not apply. An exempt check does not count as failed. */
export function tierOf(checks: readonly Pick<CheckReport, 'tier' | 'outcome'>[]): Tier {
  let reached: Tier = 'none';
  for (const tier of tiers) {
    const isMissed = checks.some((check) => check.tier === tier && check.outcome === 'fail');
    if (isMissed) return reached;
    reached = tier;
  }
  return reached;
}
