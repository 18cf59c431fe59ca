import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { ASSET_KINDS, ASSET_STATES, assetIdSchema, isOnline, RELATION_KINDS } from './asset.ts';
import type { AssetRow } from './asset-store.ts';

const time = z.iso.datetime();

/** An asset as lists show it. */
export const assetView = z.object({
  id: assetIdSchema,
  clientId: clientIdSchema,
  siteId: idSchema('site').nullable(),
  kind: z.enum(ASSET_KINDS),
  name: z.string(),
  state: z.enum(ASSET_STATES),
  isManaged: z.boolean(),
  isOnline: z.boolean(),
  lastSeenAt: time.nullable(),
  operatingSystem: z.string(),
  model: z.string(),
  serialNumber: z.string(),
  primaryAddress: z.string(),
  version: z.int(),
  createdAt: time,
});
export type AssetView = z.input<typeof assetView>;

/** What is said of one field: the value that counts, who says so and when, and what others say. */
export const factView = z.object({
  field: z.string(),
  value: z.unknown(),
  source: z.string(),
  observedAt: time,
  confidence: z.int(),
  isLocked: z.boolean(),
  lockedBy: z.string().nullable(),
  others: z.array(z.object({ source: z.string(), value: z.unknown(), observedAt: time })),
});
export type FactView = z.input<typeof factView>;

const sectionTime = z.object({ source: z.string(), reportedAt: time }).nullable();

/** An asset with all that is known of it. For contacts, facts and parts are empty: they see the asset itself. */
export const assetDetailView = assetView.extend({
  source: z.string(),
  hostname: z.string(),
  facts: z.array(factView),
  evidence: z.array(
    z.object({ kind: z.string(), value: z.string(), source: z.string(), firstSeenAt: time, lastSeenAt: time }),
  ),
  disks: z.array(
    z.object({ name: z.string(), sizeBytes: z.int(), model: z.string(), serialNumber: z.string(), kind: z.string() }),
  ),
  filesystems: z.array(
    z.object({
      mount: z.string(),
      device: z.string(),
      type: z.string(),
      sizeBytes: z.int(),
      usedBytes: z.int(),
      availableBytes: z.int(),
      isReadOnly: z.boolean(),
    }),
  ),
  networkInterfaces: z.array(
    z.object({
      name: z.string(),
      macAddress: z.string(),
      mtu: z.int().nullable(),
      speedMbit: z.int().nullable(),
      isUp: z.boolean(),
      addresses: z.array(z.string()),
    }),
  ),
  relations: z.array(
    z.object({
      kind: z.enum(RELATION_KINDS),
      direction: z.enum(['to', 'from']),
      assetId: assetIdSchema,
      clientId: clientIdSchema,
      name: z.string(),
    }),
  ),
  softwareCount: z.int(),
  serviceCount: z.int(),
  reports: z.object({ inventory: sectionTime, software: sectionTime, services: sectionTime }),
});
export type AssetDetailView = z.input<typeof assetDetailView>;

export const serviceView = z.object({
  name: z.string(),
  description: z.string(),
  state: z.string(),
  startMode: z.string(),
  changedAt: time,
});
export const softwareView = z.object({
  manager: z.string(),
  name: z.string(),
  architecture: z.string(),
  version: z.string(),
  publisher: z.string(),
  installedAt: time.nullable(),
  sizeBytes: z.int().nullable(),
  firstSeenAt: time,
  /** The asset's latest report while it is there. */
  lastSeenAt: time,
  isInstalled: z.boolean(),
});
export const assetChangeView = z.object({
  id: z.string(),
  at: time,
  field: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  source: z.string(),
  actorLabel: z.string().nullable(),
});

/** A row of `asset` with its presence, seen at an instant. */
export function toAssetView(row: AssetRow & { last_seen: Temporal.Instant | null }, now: Temporal.Instant): AssetView {
  return {
    id: row.id,
    clientId: row.client_id,
    siteId: row.site_id,
    kind: row.kind,
    name: row.name,
    state: row.state,
    isManaged: row.is_managed,
    isOnline: isOnline(row.last_seen, now),
    lastSeenAt: row.last_seen?.toString() ?? null,
    operatingSystem: row.operating_system,
    model: row.model,
    serialNumber: row.serial_number,
    primaryAddress: row.primary_address,
    version: row.version,
    createdAt: row.created_at.toString(),
  };
}
