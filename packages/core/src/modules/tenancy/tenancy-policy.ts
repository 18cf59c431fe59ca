import type { PermissionDefinition } from '#platform/module';

export const tenancyPermissions: readonly PermissionDefinition[] = [
  {
    name: 'tenancy.read-clients',
    title: 'See clients, sites and contacts',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'tenancy.manage-clients',
    title: 'Add and change clients, sites and contacts',
    roles: ['administrator', 'manager'],
  },
  { name: 'tenancy.merge-clients', title: 'Merge two clients into one', roles: ['administrator'] },
  { name: 'tenancy.manage-msp', title: 'Change the MSP’s name, zone, currency and look', roles: ['administrator'] },
];
