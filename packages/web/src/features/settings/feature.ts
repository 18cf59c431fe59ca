import Settings from 'lucide-solid/icons/settings';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'settings',
  routes: [{ path: '/settings', title: 'Settings', component: screen(() => import('./settings.tsx'), 'Settings') }],
  nav: [{ label: 'Settings', href: '/settings', icon: Settings, group: 'platform', order: 20, shortcut: 'g ,' }],
};
