import ChartColumn from 'lucide-solid/icons/chart-column';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'reports',
  routes: [{ path: '/reports', title: 'Reports', component: screen(() => import('./reports.tsx'), 'Reports') }],
  nav: [
    {
      label: 'Reports',
      href: '/reports',
      icon: ChartColumn,
      group: 'business',
      order: 30,
      permission: 'reporting.read-reports',
      shortcut: 'g r',
    },
  ],
};
