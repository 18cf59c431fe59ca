import { z } from 'zod';
import { defineEvent } from '#kernel/event';
import { clientIdSchema } from '#kernel/id';
import { assetIdSchema } from './asset.ts';

/** An asset was added, by a report or by a person. */
export const assetAdded = defineEvent(
  'assets.asset-added',
  z.object({ assetId: assetIdSchema, clientId: clientIdSchema }),
);

/** An asset was archived: it no longer counts, and nothing more is asked of it. */
export const assetRetired = defineEvent(
  'assets.asset-retired',
  z.object({ assetId: assetIdSchema, clientId: clientIdSchema }),
);
