import type { PortalFeature } from '#web/app/portal/portal-feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: PortalFeature = {
  name: 'access',
  routes: [{ path: '/access', title: 'nav.access', component: screen(() => import('./access-log.tsx'), 'AccessLog') }],
  nav: [{ label: 'nav.access', href: '/access', group: 'portal', order: 60, permission: 'audit.read-own-entries' }],
};
