import Gauge from 'lucide-solid/icons/gauge';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'monitoring',
  routes: [{ path: '/checks', title: 'Checks', component: screen(() => import('./check-list.tsx'), 'CheckList') }],
  nav: [
    {
      label: 'Checks',
      href: '/checks',
      icon: Gauge,
      group: 'platform',
      order: 15,
      permission: 'monitoring.manage-checks',
    },
  ],
};
