import type { Feature } from '#web/app/routing/feature.ts';

const found = import.meta.glob<Feature>('../../portal/*/feature.ts', { eager: true, import: 'feature' });

/** What each module adds to the portal. */
export const portalFeatures: readonly Feature[] = Object.values(found);
