import type { PermissionDefinition } from '#platform/module';

export const alertPermissions: readonly PermissionDefinition[] = [
  { name: 'alerts.read-alerts', title: 'See alerts', roles: ['administrator', 'manager', 'technician', 'read-only'] },
  { name: 'alerts.acknowledge-alert', title: 'Acknowledge alerts', roles: ['administrator', 'manager', 'technician'] },
];
