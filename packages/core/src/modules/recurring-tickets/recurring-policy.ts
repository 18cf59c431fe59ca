import type { PermissionDefinition } from '#platform/module';

export const recurringPermissions: readonly PermissionDefinition[] = [
  {
    name: 'recurring-tickets.read-recurring',
    title: 'See recurring tickets',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: 'recurring-tickets.manage-recurring',
    title: 'Make, change and pause recurring tickets',
    roles: ['administrator', 'manager'],
  },
];
