import type { PermissionDefinition } from '#platform/module';

export const timePermissions: readonly PermissionDefinition[] = [
  {
    name: 'time.log-time',
    title: 'Log own time, with a timer or by hand',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: 'time.read-time',
    title: 'See time on tickets and timesheets',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'time.change-time',
    title: 'Correct and remove time',
    roles: ['administrator', 'manager', 'technician', 'billing'],
  },
];
