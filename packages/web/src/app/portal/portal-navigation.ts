import type { PortalFeature } from './portal-feature.ts';
import { portalFeatures } from './portal-features.ts';

type Place = NonNullable<PortalFeature['nav']>[number];

/** The portal's few places that this contact may see, in order. */
export function portalNav(can: (permission: string) => boolean): readonly Place[] {
  return portalFeatures
    .flatMap((feature) => feature.nav ?? [])
    .filter((item) => item.permission === undefined || can(item.permission))
    .toSorted((a, b) => a.order - b.order);
}
