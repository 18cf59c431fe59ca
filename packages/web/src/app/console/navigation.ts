import type { NavItem } from '#web/app/routing/feature.ts';
import { consoleFeatures } from './console-features.ts';

export interface NavGroup {
  readonly heading: string | undefined;
  readonly items: readonly NavItem[];
}

const GROUPS = [
  ['work', undefined],
  ['estate', 'Estate'],
  ['business', 'Business'],
  ['platform', 'Platform'],
] as const;

/** The rail's lines for this person, in order; a group that would be empty is left out. */
export function navGroups(can: (permission: string) => boolean): readonly NavGroup[] {
  const allowed = consoleFeatures
    .flatMap((feature) => feature.nav ?? [])
    .filter((item) => item.permission === undefined || can(item.permission));
  return GROUPS.map(([group, heading]) => ({
    heading,
    items: allowed.filter((item) => item.group === group).toSorted((a, b) => a.order - b.order),
  })).filter(({ items }) => items.length > 0);
}
