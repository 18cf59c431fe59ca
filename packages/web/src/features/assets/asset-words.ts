import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>;
export type Asset = Outputs['assets']['listAssets']['items'][number];
export type AssetDetail = Outputs['assets']['getAsset'];
export type AssetKind = Asset['kind'];

export const KINDS: Readonly<Record<AssetKind, string>> = {
  server: 'Server',
  workstation: 'Workstation',
  laptop: 'Laptop',
  mobile: 'Mobile',
  hypervisor: 'Hypervisor',
  network: 'Network',
  storage: 'Storage',
  printer: 'Printer',
  cloud: 'Cloud',
  other: 'Other',
};

/** How an asset stands, as a state and a word. Only managed machines can be offline: nothing is heard of the others, ever. */
export function presenceOf(asset: Pick<Asset, 'state' | 'isOnline' | 'lastSeenAt'>): { state: State; word: string } {
  if (asset.state === 'archived') return { state: 'neutral', word: 'Archived' };
  if (asset.isOnline) return { state: 'ok', word: 'Online' };
  return asset.lastSeenAt === null ? { state: 'unknown', word: 'Not seen' } : { state: 'warning', word: 'Offline' };
}

/** Who says a fact: `agent`, `person`, `plugin-ninja`. */
export function sourceText(source: string): string {
  if (source === 'person') return 'typed by a person';
  if (source === 'agent') return 'from the agent';
  return `from ${source.replace(/^plugin-/, '')}`;
}
