import type { PortalFeature } from './portal-feature.ts';

const found = import.meta.glob<PortalFeature>('../../portal/*/feature.ts', { eager: true, import: 'feature' });

/** What each module adds to the portal. */
export const portalFeatures: readonly PortalFeature[] = Object.values(found);
