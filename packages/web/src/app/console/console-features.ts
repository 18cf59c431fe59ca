import type { Feature } from '#web/app/routing/feature.ts';

// Found by place, so that two people who add screens never edit the same list. The files hold declarations only; screens are chunks of their own.
const found = import.meta.glob<Feature>('../../features/*/feature.ts', { eager: true, import: 'feature' });

/** What each module adds to the console. */
export const consoleFeatures: readonly Feature[] = Object.values(found);
