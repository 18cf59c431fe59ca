import type { PermissionDefinition } from '#platform/module';

export const prepaidHoursPermissions: readonly PermissionDefinition[] = [
  {
    name: 'prepaid-hours.read-balances',
    title: 'See how much of hours bought ahead is left',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
];
