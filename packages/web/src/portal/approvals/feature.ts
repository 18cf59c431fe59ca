import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'approvals',
  routes: [
    { path: '/approvals', title: 'Approvals', component: screen(() => import('./approval-list.tsx'), 'ApprovalList') },
  ],
  nav: [
    { label: 'Approvals', href: '/approvals', group: 'portal', order: 25, permission: 'approvals.decide-in-portal' },
  ],
};
