/** How many requests of one run may overtake each other. An agent has at most three in flight. */
const WINDOW = 64n;

/** What a server keeps of an agent's run to tell fresh requests from old ones; three small values, whatever the number of requests. */
export interface ReplayState {
  readonly runId: string;
  /** The highest counter accepted, 0 before the first. */
  readonly highest: number;
  /** Bit n: the counter `highest - n` was accepted. */
  readonly seen: bigint;
  /** The latest signed time accepted, in epoch milliseconds. */
  readonly latestSignedMs: number;
}

/** The part of a verified request that the window judges. */
export interface ReplayProbe {
  readonly runId: string;
  readonly counter: number;
  readonly signedMs: number;
}

/**
 * `fresh` carries the state to store. `replayed`: a request seen before, or from a run that has ended; refused, and nothing to learn from
 * it, since anybody on the wire can send one. `conflict`: signed *later* than what it contradicts, so not a recording: two
 * machines hold this key.
 */
export type ReplayVerdict =
  | { readonly kind: 'fresh'; readonly next: ReplayState }
  | { readonly kind: 'replayed' }
  | { readonly kind: 'conflict' };

/** The state at the start of a run, after its hello (counter 1) was accepted. */
export function startRun(probe: ReplayProbe): ReplayState {
  return { runId: probe.runId, highest: probe.counter, seen: 1n, latestSignedMs: probe.signedMs };
}

/** Judges a request whose signature already holds. Pure; the caller stores `next` in the transaction of the request. */
export function judgeReplay(state: ReplayState, probe: ReplayProbe): ReplayVerdict {
  if (probe.runId !== state.runId) return contradiction(state, probe);
  if (probe.counter > state.highest) {
    const shift = BigInt(probe.counter - state.highest);
    const seen = shift >= WINDOW ? 1n : BigInt.asUintN(Number(WINDOW), state.seen << shift) | 1n;
    return {
      kind: 'fresh',
      next: { ...state, highest: probe.counter, seen, latestSignedMs: Math.max(state.latestSignedMs, probe.signedMs) },
    };
  }
  const distance = BigInt(state.highest - probe.counter);
  // Older than the window cannot be told apart from seen: refused, and the agent signs its next try with a new counter.
  if (distance >= WINDOW) return { kind: 'replayed' };
  if ((state.seen & (1n << distance)) !== 0n) return contradiction(state, probe);
  return {
    kind: 'fresh',
    next: {
      ...state,
      seen: state.seen | (1n << distance),
      latestSignedMs: Math.max(state.latestSignedMs, probe.signedMs),
    },
  };
}

function contradiction(state: ReplayState, probe: ReplayProbe): ReplayVerdict {
  return { kind: probe.signedMs > state.latestSignedMs ? 'conflict' : 'replayed' };
}
