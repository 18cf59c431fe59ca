import type { PortalFeature } from '#web/app/portal/portal-feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: PortalFeature = {
  name: 'approvals',
  routes: [
    {
      path: '/approvals',
      title: 'nav.approvals',
      component: screen(() => import('./approval-list.tsx'), 'ApprovalList'),
    },
  ],
  nav: [
    {
      label: 'nav.approvals',
      href: '/approvals',
      group: 'portal',
      order: 25,
      permission: 'approvals.decide-in-portal',
    },
  ],
};
