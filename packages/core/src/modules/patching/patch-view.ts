import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { assetIdSchema } from '#modules/assets';
import { INSTALL_STATES, PATCH_DECISIONS, updateIdSchema } from './patch.ts';

const time = z.iso.datetime();

/** An update over all clients of the scope. */
export const pendingUpdateView = z.object({
  id: updateIdSchema,
  manager: z.string(),
  name: z.string(),
  version: z.string(),
  isSecurity: z.boolean(),
  origin: z.string(),
  assetCount: z.int(),
  clientCount: z.int(),
  /** Since when the first of these machines waits. */
  waitingSince: time,
  /** What stands for all clients. */
  decision: z.enum(PATCH_DECISIONS).nullable(),
  reason: z.string().nullable(),
  decidedBy: z.string().nullable(),
  /** Machines of the list for which it is approved, by whatever decision. */
  approvedAssetCount: z.int(),
});

/** How a machine stands. The name is the asset's. */
export const patchStatusView = z.object({
  assetId: assetIdSchema,
  clientId: clientIdSchema,
  assetName: z.string(),
  manager: z.string(),
  checkedAt: time,
  listsFetchedAt: time.nullable(),
  /** Why the list is not known to be right; null where it is. */
  error: z.string().nullable(),
  isRebootRequired: z.boolean(),
  rebootReasons: z.array(z.string()),
  pendingCount: z.int(),
  securityCount: z.int(),
});

/** An update that one machine waits for, with what holds for it there. */
export const assetUpdateView = z.object({
  updateId: updateIdSchema,
  name: z.string(),
  currentVersion: z.string(),
  version: z.string(),
  architecture: z.string(),
  isSecurity: z.boolean(),
  origin: z.string(),
  firstSeenAt: time,
  decision: z.enum([...PATCH_DECISIONS, 'undecided']),
  level: z.enum(['asset', 'client', 'msp', 'automatic']),
  reason: z.string().nullable(),
  decidedBy: z.string().nullable(),
  expiresAt: time.nullable(),
});

/** One installation on one machine. */
export const installView = z.object({
  id: z.string(),
  batchId: z.string(),
  orderId: z.string(),
  assetId: assetIdSchema,
  clientId: clientIdSchema,
  assetName: z.string(),
  state: z.enum(INSTALL_STATES),
  message: z.string().nullable(),
  reason: z.string(),
  actorLabel: z.string(),
  createdAt: time,
  finishedAt: time.nullable(),
  packages: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      outcome: z.string(),
      versionAfter: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
});

/** What an installation would do: the numbers to confirm. */
export const installPlanView = z.object({
  assetCount: z.int(),
  clientCount: z.int(),
  packageCount: z.int(),
  maxAssetCount: z.int(),
  assets: z.array(
    z.object({
      assetId: assetIdSchema,
      clientId: clientIdSchema,
      name: z.string(),
      packages: z.array(z.object({ updateId: updateIdSchema, name: z.string(), version: z.string() })),
      heldBackCount: z.int(),
      isBusy: z.boolean(),
    }),
  ),
});
