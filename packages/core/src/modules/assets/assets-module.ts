import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
import type { DependencyContainer } from 'tsyringe';
import { ArchiveAsset } from './archive-asset.ts';
import { AssetDetailQueries } from './asset-detail-queries.ts';
import { assetOperations } from './asset-operations.ts';
import { assetPermissions } from './asset-policy.ts';
import { AssetLifetimeQueries } from './asset-lifetime-queries.ts';
import { AssetQueries } from './asset-queries.ts';
import { AssetStore } from './asset-store.ts';
import { ComponentStore } from './component-store.ts';
import { CreateAsset } from './create-asset.ts';
import { FactStore } from './fact-store.ts';
import { IdentityStore } from './identity-store.ts';
import { MarkSeen } from './mark-seen.ts';
import { RecordInventory } from './record-inventory.ts';
import { RecordServices } from './record-services.ts';
import { RecordSoftware } from './record-software.ts';
import { SoftwareQueries } from './software-queries.ts';
import { SoftwareStore } from './software-store.ts';
import { UpdateAsset } from './update-asset.ts';
import { WithdrawAsset } from './withdraw-asset.ts';

/** What every use case here needs; each takes its part. */
const parts = (c: DependencyContainer) => ({
  db: c.resolve(ScopedDb),
  clock: c.resolve(ClockToken),
  audit: c.resolve(AuditTrail),
  jobs: c.resolve(JobQueue),
  live: c.resolve(LiveHub),
  assets: c.resolve(AssetStore),
  facts: c.resolve(FactStore),
  components: c.resolve(ComponentStore),
  software: c.resolve(SoftwareStore),
  identities: c.resolve(IdentityStore),
});

export const assetsModule = defineModule({
  name: 'assets',
  tables: ['asset'],
  permissions: assetPermissions,
  register(container) {
    provide(container, AssetStore, () => new AssetStore());
    provide(container, FactStore, () => new FactStore());
    provide(container, ComponentStore, () => new ComponentStore());
    provide(container, SoftwareStore, () => new SoftwareStore());
    provide(container, IdentityStore, () => new IdentityStore());
    provide(container, RecordInventory, (c) => new RecordInventory(parts(c)));
    provide(container, RecordSoftware, (c) => new RecordSoftware(parts(c)));
    provide(container, RecordServices, (c) => new RecordServices(parts(c)));
    provide(container, MarkSeen, (c) => new MarkSeen(parts(c)));
    provide(container, CreateAsset, (c) => new CreateAsset(parts(c)));
    provide(container, UpdateAsset, (c) => new UpdateAsset(parts(c)));
    provide(container, ArchiveAsset, (c) => new ArchiveAsset(parts(c)));
    provide(container, WithdrawAsset, (c) => new WithdrawAsset({ ...parts(c), archive: c.resolve(ArchiveAsset) }));
    provide(container, AssetLifetimeQueries, () => new AssetLifetimeQueries());
    provide(container, AssetQueries, (c) => new AssetQueries(parts(c)));
    provide(container, AssetDetailQueries, (c) => new AssetDetailQueries(parts(c)));
    provide(container, SoftwareQueries, (c) => new SoftwareQueries(parts(c)));
  },
  operations: (c) =>
    assetOperations({
      assets: c.resolve(AssetQueries),
      details: c.resolve(AssetDetailQueries),
      software: c.resolve(SoftwareQueries),
      createAsset: c.resolve(CreateAsset),
      updateAsset: c.resolve(UpdateAsset),
      archiveAsset: c.resolve(ArchiveAsset),
    }),
});
