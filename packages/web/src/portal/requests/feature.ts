import type { PortalFeature } from '#web/app/portal/portal-feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: PortalFeature = {
  name: 'requests',
  routes: [
    { path: '/requests', title: 'nav.requests', component: screen(() => import('./request-list.tsx'), 'RequestList') },
    {
      path: '/requests/new',
      title: 'nav.newRequest',
      component: screen(() => import('./new-request.tsx'), 'NewRequest'),
    },
    {
      path: '/requests/:id',
      title: 'nav.request',
      component: screen(() => import('./request-page.tsx'), 'RequestPage'),
    },
  ],
  nav: [{ label: 'nav.requests', href: '/requests', group: 'portal', order: 20, permission: 'tickets.use-portal' }],
};
