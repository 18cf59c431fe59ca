/**
 * What clients own: assets, what tells one from another, what is known of each with source and time, software, relations.
 * Owns: `asset` and all tables whose names begin with `asset_`.
 * Publishes: `assets.asset-added`, `assets.asset-retired`.
 */
export { assetsModule } from './assets-module.ts';
export { assetIdSchema, type AssetKind, type AssetState } from './asset.ts';
export { assetAdded, assetRetired } from './asset-events.ts';
export { usableEvidence, type MachineEvidence } from './asset-identity.ts';
export { AssetDetailQueries } from './asset-detail-queries.ts';
export { AssetLifetimeQueries, type ActiveAsset } from './asset-lifetime-queries.ts';
export { AssetQueries, type AssetName } from './asset-queries.ts';
export type { AssetId } from './asset-table.ts';
export { CreateAsset, type CreateAssetInput } from './create-asset.ts';
export { machineInventorySchema, machineServicesSchema, machineSoftwareSchema } from './machine-inventory.ts';
export { MarkSeen } from './mark-seen.ts';
export {
  RecordInventory,
  type IdentifyInput,
  type IdentifyResult,
  type RecordInventoryInput,
} from './record-inventory.ts';
export { RecordServices, type RecordServicesInput } from './record-services.ts';
export { RecordSoftware, type RecordSoftwareInput } from './record-software.ts';
export { WithdrawAsset } from './withdraw-asset.ts';
