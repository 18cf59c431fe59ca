import type { PermissionDefinition } from '#platform/module';

export const patchPermissions: readonly PermissionDefinition[] = [
  {
    name: 'patching.read-updates',
    title: 'See pending updates and installations',
    roles: ['administrator', 'manager', 'technician', 'read-only', 'portal'],
  },
  {
    name: 'patching.decide-updates',
    title: 'Approve, reject and defer updates',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: 'patching.install-updates',
    title: 'Install approved updates on machines',
    roles: ['administrator', 'manager', 'technician'],
  },
];
