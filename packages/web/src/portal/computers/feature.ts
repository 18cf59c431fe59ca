import type { PortalFeature } from '#web/app/portal/portal-feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: PortalFeature = {
  name: 'computers',
  routes: [
    {
      path: '/computers',
      title: 'nav.computers',
      component: screen(() => import('./computer-list.tsx'), 'ComputerList'),
    },
  ],
  nav: [{ label: 'nav.computers', href: '/computers', group: 'portal', order: 30, permission: 'assets.read-assets' }],
};
