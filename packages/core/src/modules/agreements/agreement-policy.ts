import type { PermissionDefinition } from '#platform/module';

export const agreementPermissions: readonly PermissionDefinition[] = [
  {
    name: 'agreements.read-agreements',
    title: 'See agreements and their prices',
    roles: ['administrator', 'manager', 'billing'],
  },
  {
    name: 'agreements.manage-agreements',
    title: 'Make, change, activate and end agreements',
    roles: ['administrator', 'manager', 'billing'],
  },
];
