import type { NavItem } from '#web/app/routing/feature.ts';
import { portalFeatures } from './portal-features.ts';

/** The portal's few places that this contact may see, in order. */
export function portalNav(can: (permission: string) => boolean): readonly NavItem[] {
  return portalFeatures
    .flatMap((feature) => feature.nav ?? [])
    .filter((item) => item.permission === undefined || can(item.permission))
    .toSorted((a, b) => a.order - b.order);
}
