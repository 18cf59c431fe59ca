import { createHash } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { AssetStore } from './asset-store.ts';
import type { AssetId, AssetTables } from './asset-table.ts';
import type { ComponentStore } from './component-store.ts';
import type { MachineServices } from './machine-inventory.ts';
import type { SoftwareStore } from './software-store.ts';

export interface RecordServicesInput {
  readonly assetId: AssetId;
  readonly source: string;
  readonly services: MachineServices;
  readonly observedAt: Temporal.Instant;
}

interface Deps {
  readonly db: ScopedDb;
  readonly assets: AssetStore;
  readonly components: ComponentStore;
  readonly software: SoftwareStore;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Takes the states of a machine's services. */
export class RecordServices {
  readonly #db: ScopedDb<AssetTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AssetTables>();
    this.#deps = deps;
  }

  /** Writes only the services that differ; a report older than the last changes nothing. Throws `assets.asset-not-found`. */
  async run(scope: TenantScope, input: RecordServicesInput, within?: AnyTransaction): Promise<void> {
    const { assets, components, software, live, clock } = this.#deps;
    await this.#db.transaction(
      scope,
      async (tx) => {
        const asset = await assets.forChange(tx, input.assetId);
        const key = { clientId: asset.client_id, assetId: asset.id };
        const now = clock.now();
        const at = Temporal.Instant.compare(input.observedAt, now) > 0 ? now : input.observedAt;
        const last = await software.lastReport(tx, key, 'services');
        if (last !== undefined && Temporal.Instant.compare(at, last.reportedAt) < 0) return;
        const parts = input.services.services.map((service) => ({
          name: service.name,
          description: service.description ?? '',
          state: service.state,
          start_mode: service.startMode,
        }));
        const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
        if (last?.digest !== digest) await components.sync(tx, key, 'services', parts, at);
        await software.noteReport(tx, key, { section: 'services', source: input.source, digest, at, isComplete: true });
        if (last?.digest !== digest)
          live.touch(tx, { clientId: key.clientId, topic: 'asset-services', id: asset.id, version: asset.version });
      },
      within,
    );
  }
}
