import { LIMITS } from '@bailiwick/agent-protocol';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { AssetId, AssetQueries } from '#modules/assets';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { DecisionStore } from './decision-store.ts';
import type { InstallStore } from './install-store.ts';
import { effectiveDecision } from './patch.ts';
import type { PatchTables, PatchUpdateId } from './patch-table.ts';

/** What an installation would do on one machine. */
export interface PlannedAsset {
  readonly assetId: AssetId;
  readonly clientId: ClientId;
  readonly name: string;
  readonly packages: readonly { readonly updateId: PatchUpdateId; readonly name: string; readonly version: string }[];
  /** Pending updates that were asked for and are not approved. */
  readonly heldBackCount: number;
  /** True while an earlier installation is under way; nothing new is sent then. */
  readonly isBusy: boolean;
}

/** What an installation would do, and on how many. Only machines that get something count. */
export interface InstallPlan {
  readonly assetCount: number;
  readonly clientCount: number;
  readonly packageCount: number;
  readonly assets: readonly PlannedAsset[];
}

interface Deps {
  readonly assets: AssetQueries;
  readonly decisions: DecisionStore;
  readonly installs: InstallStore;
  readonly clock: Clock;
}

/** Works out what would be installed where: pending there, asked for, and approved. Preview and installation both use it, so that what is confirmed is what is done. */
export async function planInstall(
  tx: ScopedTransaction<PatchTables>,
  deps: Deps,
  wanted: { assetIds: readonly AssetId[]; updateIds?: readonly PatchUpdateId[] | undefined },
): Promise<InstallPlan> {
  const assetIds = [...new Set(wanted.assetIds)];
  const known = (await deps.assets.byIds(tx.scope, assetIds, tx)).filter((asset) => !asset.isArchived);
  if (known.length !== assetIds.length)
    throw new NotFoundError('patching.asset-not-found', 'One of these assets is not there or is archived.');
  const pending = await deps.installs.pendingOf(tx, assetIds, wanted.updateIds);
  const standing = await deps.decisions.standing(tx, [...new Set(pending.map((row) => row.updateId))]);
  const busy = await deps.installs.busy(tx, assetIds);
  const now = deps.clock.now();
  const assets = known.map((asset): PlannedAsset => {
    const rows = pending.filter((row) => row.assetId === asset.id);
    const approved = rows.filter(
      (row) =>
        effectiveDecision(standing.get(row.updateId) ?? [], { clientId: asset.clientId, assetId: asset.id }, now)
          .decision === 'approve',
    );
    const isBusy = busy.has(asset.id);
    const packages = isBusy
      ? []
      : approved.slice(0, LIMITS.updatesPerOrder).map(({ updateId, name, version }) => ({ updateId, name, version }));
    return {
      assetId: asset.id,
      clientId: asset.clientId,
      name: asset.name,
      packages,
      heldBackCount: rows.length - approved.length,
      isBusy,
    };
  });
  const reached = assets.filter((asset) => asset.packages.length > 0);
  return {
    assetCount: reached.length,
    clientCount: new Set(reached.map((asset) => asset.clientId)).size,
    packageCount: reached.reduce((total, asset) => total + asset.packages.length, 0),
    assets,
  };
}
