import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'computers',
  routes: [
    { path: '/computers', title: 'Computers', component: screen(() => import('./computer-list.tsx'), 'ComputerList') },
  ],
  nav: [{ label: 'Computers', href: '/computers', group: 'portal', order: 30, permission: 'assets.read-assets' }],
};
