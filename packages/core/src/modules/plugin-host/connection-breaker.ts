import { CallFailed, type FailureName } from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';

/** Failures in a row after which nothing more is tried for a while: fewer would pause at a hiccup, more would beat on a vendor that is down. */
const FAILURES = 5;
const FIRST_PAUSE_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 15 * 60;

/** What says that the vendor, not one request, is the trouble. */
const COUNTED: ReadonlySet<FailureName> = new Set(['Transient', 'TimedOut', 'VendorBug']);

interface Circuit {
  failures: number;
  pauses: number;
  openUntil: Temporal.Instant | null;
  isProbing: boolean;
}

/** Gives a vendor that does not answer a rest: after several failures in a row calls are refused for a while, then one is let through to see. In memory: each process learns for itself. */
export class ConnectionBreaker {
  readonly #clock: Clock;
  readonly #circuits = new Map<string, Circuit>();

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /** Throws `CallFailed` `Transient` while calls to this connection are paused. */
  assertClosed(connectionId: string): void {
    const circuit = this.#circuits.get(connectionId);
    if (circuit?.openUntil === undefined || circuit.openUntil === null) return;
    const now = this.#clock.now();
    const isOver = Temporal.Instant.compare(now, circuit.openUntil) >= 0;
    if (isOver && !circuit.isProbing) {
      circuit.isProbing = true;
      return;
    }
    const seconds = Math.max(1, Math.ceil(now.until(circuit.openUntil).total('seconds')));
    throw new CallFailed(
      'Transient',
      `The vendor did not answer ${FAILURES} times in a row; this connection is tried again after ${circuit.openUntil.toString()}.`,
      { retryAfterSeconds: seconds },
    );
  }

  succeeded(connectionId: string): void {
    this.#circuits.delete(connectionId);
  }

  failed(connectionId: string, failure: FailureName): void {
    const circuit = this.#circuits.get(connectionId) ?? { failures: 0, pauses: 0, openUntil: null, isProbing: false };
    if (!COUNTED.has(failure)) {
      // The vendor answered, if not as hoped; or the call was given up, which tells nothing.
      if (failure === 'Aborted') circuit.isProbing = false;
      else this.#circuits.delete(connectionId);
      return;
    }
    circuit.failures += 1;
    this.#circuits.set(connectionId, circuit);
    if (!circuit.isProbing && circuit.failures < FAILURES) return;
    const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** circuit.pauses, LONGEST_PAUSE_SECONDS);
    circuit.pauses += 1;
    circuit.isProbing = false;
    circuit.openUntil = this.#clock.now().add({ seconds: pause });
  }

  /** Until when calls are paused; null where they are not. */
  openUntil(connectionId: string): Temporal.Instant | null {
    const until = this.#circuits.get(connectionId)?.openUntil ?? null;
    return until !== null && Temporal.Instant.compare(until, this.#clock.now()) > 0 ? until : null;
  }
}
