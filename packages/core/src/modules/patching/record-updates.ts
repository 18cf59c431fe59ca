import type { Updates } from '@bailiwick/agent-protocol';
import type { Clock } from '#kernel/clock';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { PatchTables } from './patch-table.ts';
import type { PendingStore } from './pending-store.ts';

/** What a machine waits for, as its package manager says. */
export interface RecordUpdatesInput {
  readonly assetId: AssetId;
  readonly clientId: ClientId;
  readonly updates: Updates;
  readonly observedAt: Temporal.Instant;
}

/** Takes a machine's list of pending updates. */
export class RecordUpdates {
  readonly #db: ScopedDb<PatchTables>;
  readonly #pending: PendingStore;
  readonly #live: LiveHub;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; pending: PendingStore; live: LiveHub; clock: Clock }) {
    this.#db = deps.db.typed<PatchTables>();
    this.#pending = deps.pending;
    this.#live = deps.live;
    this.#clock = deps.clock;
  }

  /** A report with an error changes no list: unknown is not the same as none. One older than the last changes nothing. */
  async run(scope: TenantScope, input: RecordUpdatesInput, within?: AnyTransaction): Promise<void> {
    await this.#db.transaction(
      scope,
      async (tx) => {
        const now = this.#clock.now();
        const at = Temporal.Instant.compare(input.observedAt, now) > 0 ? now : input.observedAt;
        const key = { clientId: input.clientId, assetId: input.assetId };
        if (!(await this.#pending.putStatus(tx, key, input.updates, at))) return;
        if (input.updates.error === undefined) await this.#pending.sync(tx, key, input.updates, at);
        this.#live.touch(tx, {
          clientId: input.clientId,
          topic: 'patch-status',
          id: input.assetId,
          version: 1,
          isForContacts: true,
        });
      },
      within,
    );
  }
}
