import type { PermissionDefinition } from '#platform/module';

export const satisfactionPermissions: readonly PermissionDefinition[] = [
  {
    name: 'satisfaction.read-ratings',
    title: 'See how contacts rate what was resolved',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: 'satisfaction.manage-rating',
    title: 'Say whether and how often contacts are asked',
    roles: ['administrator', 'manager'],
  },
  {
    name: 'satisfaction.rate-in-portal',
    title: 'Rate in the portal how one’s own request was resolved',
    roles: ['portal'],
  },
];
