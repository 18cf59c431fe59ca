import Repeat from 'lucide-solid/icons/repeat';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'recurring',
  routes: [
    {
      path: '/recurring-tickets',
      title: 'Recurring tickets',
      component: screen(() => import('./recurring-list.tsx'), 'RecurringList'),
    },
  ],
  nav: [
    {
      label: 'Recurring',
      href: '/recurring-tickets',
      icon: Repeat,
      group: 'platform',
      order: 16,
      permission: 'recurring-tickets.read-recurring',
    },
  ],
};
