/** Time for limits, tokens and pauses; a virtual one in tests. */
export interface BrokerClock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Ends after the pause, or rejects with the signal's reason. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: BrokerClock = {
  nowMs: () => Temporal.Now.instant().epochMilliseconds,
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const end = (): void => {
        clearTimeout(timer);
        reject(signal.reason instanceof Error ? signal.reason : new Error('The wait was given up.'));
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', end);
        resolve();
      }, ms);
      signal.addEventListener('abort', end, { once: true });
    }),
};
