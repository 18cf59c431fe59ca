import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'access',
  routes: [
    { path: '/access', title: 'Who accessed what', component: screen(() => import('./access-log.tsx'), 'AccessLog') },
  ],
  nav: [
    { label: 'Who accessed what', href: '/access', group: 'portal', order: 60, permission: 'audit.read-own-entries' },
  ],
};
