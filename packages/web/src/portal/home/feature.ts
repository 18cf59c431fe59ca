import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'home',
  routes: [{ path: '/home', title: 'Home', component: screen(() => import('./home.tsx'), 'Home') }],
  nav: [{ label: 'Home', href: '/home', group: 'portal', order: 10, permission: 'tickets.use-portal' }],
};
