import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'requests',
  routes: [
    { path: '/requests', title: 'Requests', component: screen(() => import('./request-list.tsx'), 'RequestList') },
    {
      path: '/requests/new',
      title: 'Ask for help',
      component: screen(() => import('./new-request.tsx'), 'NewRequest'),
    },
    { path: '/requests/:id', title: 'Request', component: screen(() => import('./request-page.tsx'), 'RequestPage') },
  ],
  nav: [{ label: 'Requests', href: '/requests', group: 'portal', order: 20, permission: 'tickets.use-portal' }],
};
