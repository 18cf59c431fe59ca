import type { PermissionDefinition } from '#platform/module';

export const monitoringPermissions: readonly PermissionDefinition[] = [
  {
    name: 'monitoring.read-metrics',
    title: 'See what machines report, and the checks',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  { name: 'monitoring.manage-checks', title: 'Add, change and remove checks', roles: ['administrator', 'manager'] },
];
