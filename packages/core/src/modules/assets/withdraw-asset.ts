import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { ArchiveAsset } from './archive-asset.ts';
import type { AssetStore } from './asset-store.ts';
import type { AssetId, AssetTables } from './asset-table.ts';
import type { FactStore } from './fact-store.ts';
import type { IdentityStore } from './identity-store.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly assets: AssetStore;
  readonly identities: IdentityStore;
  readonly facts: FactStore;
  readonly archive: ArchiveAsset;
}

/** Takes back what a source said: it spoke of another client's machine. */
export class WithdrawAsset {
  readonly #db: ScopedDb<AssetTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AssetTables>();
    this.#deps = deps;
  }

  /** Forgets the source's facts and evidence, and archives the asset where nobody else knows it. Throws `assets.asset-not-found`. */
  async run(scope: TenantScope, input: { assetId: AssetId; source: string }, within?: AnyTransaction): Promise<void> {
    const { assets, identities, facts, archive } = this.#deps;
    await this.#db.transaction(
      scope,
      async (tx) => {
        const asset = await assets.forChange(tx, input.assetId);
        await identities.forget(tx, asset.id, input.source);
        const isLeft = await facts.forget(tx, asset.id, input.source);
        if (!isLeft) await archive.run(tx.scope, { assetId: asset.id, version: asset.version, isArchived: true }, tx);
      },
      within,
    );
  }
}
