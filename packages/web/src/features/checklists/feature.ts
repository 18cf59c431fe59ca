import ListChecks from 'lucide-solid/icons/list-checks';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'checklists',
  routes: [
    {
      path: '/checklists',
      title: 'Checklists',
      component: screen(() => import('./template-list.tsx'), 'TemplateList'),
    },
  ],
  nav: [
    {
      label: 'Checklists',
      href: '/checklists',
      icon: ListChecks,
      group: 'platform',
      order: 14,
      permission: 'ticket-checklists.manage-templates',
    },
  ],
};
