/** A run as the guard looks back at it. Versions of the ticket before and after it: what changed the ticket in between was the run. */
export interface PastRun {
  readonly ruleId: string;
  readonly chainId: string;
  readonly depth: number;
  readonly fromVersion: number;
  readonly toVersion: number;
}

/** What led to an event: a person or the world (a new chain), or a run of a rule. */
export interface Chain {
  readonly id: string;
  /** How many runs in a row led here; 0 for what no rule caused. */
  readonly depth: number;
  readonly ruleIds: ReadonlySet<string>;
}

export type Permit = 'run' | 'skip' | 'too-deep' | 'too-many' | 'loop';

/** Rules that set off rules that set off rules: more than this in a row is nobody's intention. */
export const MAX_DEPTH = 8;
/** Of all rules together on one ticket. A rule is a convenience: better one too few than a ticket that is changed all night. */
export const MAX_RUNS_PER_HOUR = 60;

/** Finds the chain that an event belongs to: the ticket's version says which run caused it, if one did. */
export function chainOf(runs: readonly PastRun[], version: number, occurrence: string): Chain {
  const cause = runs.find((run) => run.fromVersion < version && version <= run.toVersion);
  // What is done again after a crash goes on in the chain that it began.
  const id = cause?.chainId ?? occurrence;
  const inChain = runs.filter((run) => run.chainId === id);
  return { id, depth: cause?.depth ?? 0, ruleIds: new Set(inChain.map((run) => run.ruleId)) };
}

/**
 * Whether a rule that matches may run. Each runs at most once in a chain: one that comes round again and would change the ticket again is a loop, one that would not is
 * harmless and left out.
 */
export function permitOf(
  ruleId: string,
  chain: Chain,
  would: { readonly changeFields: boolean; readonly doSomething: boolean },
  runsLastHour: number,
): Permit {
  if (!would.doSomething) return 'skip';
  if (chain.ruleIds.has(ruleId)) return would.changeFields ? 'loop' : 'skip';
  if (chain.depth >= MAX_DEPTH) return 'too-deep';
  return runsLastHour >= MAX_RUNS_PER_HOUR ? 'too-many' : 'run';
}
