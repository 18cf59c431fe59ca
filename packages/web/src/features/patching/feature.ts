import ShieldCheck from 'lucide-solid/icons/shield-check';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'patching',
  routes: [
    {
      path: '/patching',
      title: 'Patching',
      component: screen(() => import('./patching-screen.tsx'), 'PatchingScreen'),
    },
  ],
  nav: [
    {
      label: 'Patching',
      href: '/patching',
      icon: ShieldCheck,
      group: 'estate',
      order: 30,
      permission: 'patching.read-updates',
      shortcut: 'g p',
    },
  ],
};
