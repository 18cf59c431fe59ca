import type { PermissionDefinition } from '#platform/module';

export const pluginsPermissions: readonly PermissionDefinition[] = [
  {
    name: 'plugins.read-plugins',
    title: 'See which plugins are installed and what they may do',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: 'plugins.manage-plugins',
    title: 'Install, update, switch off and remove plugins',
    roles: ['administrator'],
  },
];
