import { idSchema } from '#kernel/id';

export const ASSET_KINDS = [
  'server',
  'workstation',
  'laptop',
  'mobile',
  'hypervisor',
  'network',
  'storage',
  'printer',
  'cloud',
  'other',
] as const;
/** What sort of thing an asset is. */
export type AssetKind = (typeof ASSET_KINDS)[number];

/** `archived` assets are kept with their history, and are left out of lists and counts. */
export const ASSET_STATES = ['active', 'archived'] as const;
/** Whether an asset is still looked after; archived ones keep their history. */
export type AssetState = (typeof ASSET_STATES)[number];

export const RELATION_KINDS = [
  'runs-on',
  'depends-on',
  'connected-to',
  'powered-by',
  'backed-up-by',
  'part-of',
] as const;
export type RelationKind = (typeof RELATION_KINDS)[number];

/** The schema of an asset's id. */
export const assetIdSchema = idSchema('asset');

/** The source of what a person typed. */
export const PERSON = 'person';

/** How long after its last report a machine still counts as online: agents report each half minute, and one report may be lost. */
export const ONLINE_WITHIN = Temporal.Duration.from({ minutes: 3 });

/** Whether a machine that was last seen at an instant is online at another. */
export function isOnline(lastSeenAt: Temporal.Instant | null, now: Temporal.Instant): boolean {
  return lastSeenAt !== null && Temporal.Instant.compare(lastSeenAt.add(ONLINE_WITHIN), now) >= 0;
}

/** What a machine is, guessed from its operating system; a person's word overrides it. */
export function kindFromSystem(system: { readonly family: string; readonly name: string }): AssetKind {
  if (/\b(esxi|proxmox|hyper-v server)\b/i.test(system.name)) return 'hypervisor';
  if (/\bserver\b/i.test(system.name)) return 'server';
  if (system.family === 'linux')
    return /\b(ubuntu desktop|mint|elementary|pop!_os)\b/i.test(system.name) ? 'workstation' : 'server';
  return 'workstation';
}
