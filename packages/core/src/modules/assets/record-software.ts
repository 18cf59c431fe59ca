import { createHash } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { AssetStore } from './asset-store.ts';
import type { AssetId, AssetTables } from './asset-table.ts';
import type { MachineSoftware } from './machine-inventory.ts';
import type { SoftwareChange, SoftwareStore } from './software-store.ts';

export interface RecordSoftwareInput {
  readonly assetId: AssetId;
  readonly source: string;
  readonly software: MachineSoftware;
  readonly observedAt: Temporal.Instant;
}

interface Deps {
  readonly db: ScopedDb;
  readonly assets: AssetStore;
  readonly software: SoftwareStore;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Takes a machine's list of software and keeps when each version was first and last seen on it. */
export class RecordSoftware {
  readonly #db: ScopedDb<AssetTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AssetTables>();
    this.#deps = deps;
  }

  /** An unchanged report writes no row of software; one older than the last, or from afar while an agent reports, changes nothing. Throws `assets.asset-not-found`. */
  async run(scope: TenantScope, input: RecordSoftwareInput, within?: AnyTransaction): Promise<SoftwareChange> {
    const { assets, software, live, clock } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const asset = await assets.forChange(tx, input.assetId);
        const key = { clientId: asset.client_id, assetId: asset.id };
        const now = clock.now();
        const at = Temporal.Instant.compare(input.observedAt, now) > 0 ? now : input.observedAt;
        const last = await software.lastReport(tx, key, 'software');
        if (
          last !== undefined &&
          (Temporal.Instant.compare(at, last.reportedAt) < 0 || isNearer(last, input.source, at))
        )
          return { addedCount: 0, removedCount: 0 };
        const digest = createHash('sha256').update(JSON.stringify(input.software)).digest('hex');
        const change =
          last?.digest === digest
            ? { addedCount: 0, removedCount: 0 }
            : await software.sync(tx, key, input.software, at, last?.reportedAt);
        await software.noteReport(tx, key, {
          section: 'software',
          source: input.source,
          digest,
          at,
          isComplete: input.software.isComplete,
        });
        if (change.addedCount + change.removedCount > 0)
          live.touch(tx, { clientId: key.clientId, topic: 'asset-software', id: asset.id, version: asset.version });
        return change;
      },
      within,
    );
  }
}

/** How long an agent's list stands against what others say of the same machine. */
const AGENT_STANDS = Temporal.Duration.from({ hours: 48 });

/** An agent reads on the machine itself: while it reports, two lists must not take turns with one another. */
function isNearer(
  last: { source: string; reportedAt: Temporal.Instant },
  source: string,
  at: Temporal.Instant,
): boolean {
  return (
    last.source === 'agent' && source !== 'agent' && Temporal.Instant.compare(last.reportedAt.add(AGENT_STANDS), at) > 0
  );
}
