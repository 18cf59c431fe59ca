import type { PermissionDefinition } from '#platform/module';

export const deskCataloguePermissions: readonly PermissionDefinition[] = [
  {
    name: 'desk-catalogue.read-catalogue',
    title: 'See categories and the priority matrix',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'desk-catalogue.manage-catalogue',
    title: 'Change categories and the priority matrix',
    roles: ['administrator', 'manager'],
  },
];
