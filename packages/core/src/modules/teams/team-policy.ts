import type { PermissionDefinition } from '#platform/module';

export const teamPermissions: readonly PermissionDefinition[] = [
  {
    name: 'teams.read-teams',
    title: 'See teams, skills and who is away',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'teams.manage-teams',
    title: 'Change teams, their members and skills',
    roles: ['administrator', 'manager'],
  },
  {
    name: 'teams.manage-absences',
    title: 'Say who is away, and that they are back',
    roles: ['administrator', 'manager', 'technician'],
  },
];
