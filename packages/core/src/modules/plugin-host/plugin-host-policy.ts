import type { PermissionDefinition } from '#platform/module';

export const pluginHostPermissions: readonly PermissionDefinition[] = [
  {
    name: 'plugin-host.read-connections',
    title: 'See connections to vendors, their health and issues',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: 'plugin-host.manage-connections',
    title: 'Make, change, test and remove connections to vendors',
    roles: ['administrator'],
  },
  {
    name: 'plugin-host.approve-hosts',
    title: 'Allow a connection to reach a host of its configuration or on a private network',
    roles: ['administrator'],
  },
  {
    name: 'plugin-host.resolve-issues',
    title: 'Close issues of connections and read their logs',
    roles: ['administrator', 'manager', 'technician'],
  },
];
