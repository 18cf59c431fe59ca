import Clock from 'lucide-solid/icons/clock';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'time',
  routes: [{ path: '/timesheet', title: 'Timesheet', component: screen(() => import('./timesheet.tsx'), 'Timesheet') }],
  nav: [
    {
      label: 'Timesheet',
      href: '/timesheet',
      icon: Clock,
      group: 'work',
      order: 35,
      permission: 'time.read-time',
      shortcut: 'g h',
    },
  ],
};
