import type { PermissionDefinition } from '#platform/module';

export const deskRulePermissions: readonly PermissionDefinition[] = [
  {
    name: 'desk-rules.read-rules',
    title: 'See the rules of the service desk and what they did',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: 'desk-rules.manage-rules',
    title: 'Make, change and switch rules of the service desk',
    roles: ['administrator', 'manager'],
  },
];
