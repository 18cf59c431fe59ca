import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { AssetStore } from './asset-store.ts';
import type { AssetId, AssetTables } from './asset-table.ts';

/** Reports come each half minute; one write a minute is exact enough for "online" and half the writes. */
const COARSENESS_SECONDS = 45;

/** Notes that a machine was heard of. Cheap: to be called with every report. */
export class MarkSeen {
  readonly #db: ScopedDb<AssetTables>;
  readonly #assets: AssetStore;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; assets: AssetStore; clock: Clock }) {
    this.#db = deps.db.typed<AssetTables>();
    this.#assets = deps.assets;
    this.#clock = deps.clock;
  }

  /** Does nothing for an asset that is not there. The time is the server's: it says when we heard, not what a machine's clock believes. */
  async run(scope: TenantScope, assetId: AssetId, within?: AnyTransaction): Promise<void> {
    await this.#db.transaction(
      scope,
      async (tx) => this.#assets.markSeen(tx, assetId, this.#clock.now(), COARSENESS_SECONDS),
      within,
    );
  }

  /** The same for machines that others say they heard of, each at a time of theirs; none is later than now, and none makes a machine older. */
  async runMany(
    scope: TenantScope,
    sightings: readonly { readonly assetId: AssetId; readonly at: Temporal.Instant }[],
    within?: AnyTransaction,
  ): Promise<void> {
    if (sightings.length === 0) return;
    await this.#db.transaction(
      scope,
      async (tx) => this.#assets.markManySeen(tx, sightings, this.#clock.now(), COARSENESS_SECONDS),
      within,
    );
  }
}
