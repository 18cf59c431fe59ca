import { lazy } from 'solid-js';
import type { Feature } from '#web/app/routing/feature.ts';

export const feature: Feature = {
  name: 'notices',
  routes: [],
  topBarItem: lazy(async () => ({ default: (await import('./notice-bell.tsx')).NoticeBell })),
};
