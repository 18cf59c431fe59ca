import { z } from 'zod';
import { pluginIdSchema, pluginPackageIdSchema } from './plugin-table.ts';

const TIERS = ['none', 'bronze', 'silver', 'gold'] as const;
const STATES = ['enabled', 'disabled', 'removed'] as const;

/** One thing that a plugin may do, in words; `isStrong` is what a person should look at twice. */
export const askView = z.object({ key: z.string(), text: z.string(), isStrong: z.boolean() });

/** An installed plugin as it leaves the server. */
export const pluginView = z.object({
  id: pluginIdSchema,
  /** `bailiwick/zabbix`. */
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** `monitoring`, `cloud`, `saas` … */
  kind: z.string(),
  version: z.string(),
  state: z.enum(STATES),
  tier: z.enum(TIERS),
  connectionCount: z.int(),
  /** Of the plugin's row: every change names it. */
  rowVersion: z.int(),
  /** The version that roll-back goes to; null where there is none. */
  previousVersion: z.string().nullable(),
  /** A newer version that comes with the server; null where there is none. */
  availableVersion: z.string().nullable(),
});
export type PluginView = z.input<typeof pluginView>;

/** An installed plugin with all that it may do. */
export const pluginDetailView = pluginView.extend({
  digest: z.string(),
  publisher: z.string(),
  publisherFingerprint: z.string(),
  licence: z.string(),
  securityContact: z.string(),
  homepage: z.string().nullable(),
  /** What was consented to. */
  asks: z.array(askView),
  consentedBy: z.string(),
  consentedAt: z.iso.datetime(),
  /** The types of connections that can be made; their forms come from `plugin-host.describe-type`. */
  connectionTypes: z.array(z.object({ name: z.string(), label: z.string(), help: z.string().nullable() })),
});
export type PluginDetailView = z.input<typeof pluginDetailView>;

/** A plugin that comes with the server. */
export const catalogueView = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      version: z.string(),
      description: z.string(),
      kind: z.string(),
      tier: z.string(),
      installed: z
        .object({ pluginId: pluginIdSchema, version: z.string(), state: z.enum(STATES), isCurrent: z.boolean() })
        .nullable(),
    }),
  ),
});

/** A packed plugin, as an administrator decides on it. */
export const previewView = z.object({
  packageId: pluginPackageIdSchema,
  /** What `install` and `update` name: the file that was read here is the one that is installed. */
  digest: z.string(),
  name: z.string(),
  title: z.string(),
  version: z.string(),
  description: z.string(),
  kind: z.string(),
  licence: z.string(),
  securityContact: z.string(),
  homepage: z.string().nullable(),
  sizeBytes: z.int(),
  tier: z.enum(TIERS),
  publisher: z.object({
    name: z.string(),
    fingerprint: z.string(),
    /** `server`: comes with the server. `pinned`: the key of before. `new`: pinned by installing. `changed`: another key than before; it cannot be installed. */
    trust: z.enum(['server', 'pinned', 'new', 'changed']),
  }),
  asks: z.array(askView),
  /** Markdown by the publisher. */
  readme: z.string(),
  connectionTypes: z.array(z.string()),
  streams: z.array(z.string()),
  actions: z.array(z.object({ label: z.string(), effect: z.string() })),
  /** Set where the plugin is installed already: what an update changes. */
  update: z
    .object({
      pluginId: pluginIdSchema,
      rowVersion: z.int(),
      fromVersion: z.string(),
      isSameFile: z.boolean(),
      isOlder: z.boolean(),
      /** Needs consent: `update` names these keys. */
      added: z.array(askView),
      removed: z.array(askView),
    })
    .nullable(),
});
export type PreviewView = z.input<typeof previewView>;
