import Plug from 'lucide-solid/icons/plug';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'plugins',
  routes: [
    { path: '/plugins', title: 'Plugins', component: screen(() => import('./plugin-screen.tsx'), 'PluginScreen') },
    { path: '/plugins/:pluginId', title: 'Plugin', component: screen(() => import('./plugin-page.tsx'), 'PluginPage') },
    {
      path: '/plugins/:pluginId/connect',
      title: 'New connection',
      component: screen(() => import('./new-connection.tsx'), 'NewConnection'),
    },
    {
      path: '/connections/:connectionId',
      title: 'Connection',
      component: screen(() => import('./connection-page.tsx'), 'ConnectionPage'),
    },
  ],
  nav: [
    {
      label: 'Plugins',
      href: '/plugins',
      icon: Plug,
      group: 'platform',
      order: 10,
      permission: 'plugins.read-plugins',
      shortcut: 'g u',
    },
  ],
};
