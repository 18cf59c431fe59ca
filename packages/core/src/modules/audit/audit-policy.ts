import type { PermissionDefinition } from '#platform/module';

export const auditPermissions: readonly PermissionDefinition[] = [
  { name: 'audit.read-entries', title: 'Read who did what', roles: ['administrator', 'manager'] },
  { name: 'audit.erase-entry', title: 'Erase what an entry says, where the law demands it', roles: ['administrator'] },
  { name: 'audit.read-own-entries', title: 'Read in the portal who touched what of the company’s', roles: ['portal'] },
];
