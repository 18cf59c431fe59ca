import type { Clock } from '#kernel/clock';
import type { ClientId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { ClientChecks } from './check-rules.ts';
import type { CheckStore } from './check-store.ts';
import { ensureDefaultChecks } from './default-checks.ts';
import type { MonitoringTables } from './monitoring-table.ts';

/** After this, a change that another process made holds here too. */
const KEPT_MS = 15_000;
const MAX_CLIENTS = 20_000;

/** The checks of the clients whose machines report, so that a report need not read them. Holds rules, never rows of what is firing. */
export class CheckCache {
  readonly #store: CheckStore;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { checks: ClientChecks; readAtMs: number }>();

  constructor(deps: { store: CheckStore; clock: Clock }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
  }

  async of(tx: AnyTransaction, clientId: ClientId): Promise<ClientChecks> {
    const key = `${tx.scope.mspId}${clientId}`;
    const now = this.#clock.now();
    const kept = this.#kept.get(key);
    if (kept !== undefined && now.epochMilliseconds - kept.readAtMs < KEPT_MS) return kept.checks;
    const typed = tx.typed<MonitoringTables>();
    await ensureDefaultChecks(typed, this.#store, now);
    const { checks, overrides } = await this.#store.forClient(typed, clientId);
    const fresh = new ClientChecks(checks, overrides);
    tx.onCommit(() => {
      if (this.#kept.size >= MAX_CLIENTS) this.#kept.clear();
      this.#kept.set(key, { checks: fresh, readAtMs: now.epochMilliseconds });
    });
    return fresh;
  }

  /** Forgets the MSP's checks once `tx` commits; other processes follow within seconds. */
  forget(tx: AnyTransaction): void {
    const { mspId } = tx.scope;
    tx.onCommit(() => {
      for (const key of this.#kept.keys()) if (key.startsWith(mspId)) this.#kept.delete(key);
    });
  }
}
