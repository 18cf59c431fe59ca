import type { Block } from '@bailiwick/sdk';
import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { alertIdSchema } from '#modules/alerts';
import { assetIdSchema } from '#modules/assets';
import { connectionIdSchema } from '#modules/plugin-host';
import { remoteScopeIdSchema } from '#modules/plugin-scopes';
import { entityIdSchema } from '#modules/plugin-sync';

export const SLOTS = ['client.tab/v1', 'asset.tab/v1', 'connection.tab/v1', 'dashboard.widget/v1'] as const;

/** A view or a frame at its place. */
export const placedViewView = z.object({
  kind: z.enum(['view', 'frame']),
  name: z.string(),
  label: z.string(),
  slot: z.enum(SLOTS),
  connectionId: connectionIdSchema,
  /** Whose data it shows; null is the connection itself. */
  scopeId: remoteScopeIdSchema.nullable(),
  /** The scope's name at the vendor, or the connection's. */
  place: z.string(),
  /** The name of the view to draw: its own, or the one that a frame may ask for. */
  view: z.string(),
});
export type PlacedView = z.input<typeof placedViewView>;

/** What a record that a view names is here. */
export const viewLinkView = z.object({
  entity: z.string(),
  /** Its id at the vendor, as in the blocks. */
  id: z.string(),
  recordId: entityIdSchema,
  connectionId: connectionIdSchema,
  clientId: clientIdSchema.nullable(),
  assetId: assetIdSchema.nullable(),
  alertId: alertIdSchema.nullable(),
});
export type ViewLink = z.input<typeof viewLinkView>;

export const drawnView = z.object({
  /** Checked: kinds and fields of the SDK only, at most 200 and 256 KiB. Texts are texts, also where they look like markup. */
  blocks: z.array(z.unknown() as unknown as z.ZodType<Block, Block>),
  /** Records that the blocks name and the reader may see; those that are not here have no link. */
  links: z.array(viewLinkView),
  drawnAt: z.iso.datetime(),
});
export type DrawnView = z.input<typeof drawnView>;
