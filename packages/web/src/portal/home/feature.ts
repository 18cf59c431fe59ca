import type { PortalFeature } from '#web/app/portal/portal-feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: PortalFeature = {
  name: 'home',
  routes: [{ path: '/home', title: 'nav.home', component: screen(() => import('./home.tsx'), 'Home') }],
  nav: [{ label: 'nav.home', href: '/home', group: 'portal', order: 10, permission: 'tickets.use-portal' }],
};
