import type { PermissionDefinition } from '#platform/module';

export const requestFormsPermissions: readonly PermissionDefinition[] = [
  {
    name: 'request-forms.read-forms',
    title: 'See the forms of the portal',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  { name: 'request-forms.manage-forms', title: 'Change the forms of the portal', roles: ['administrator', 'manager'] },
  { name: 'request-forms.use-forms', title: 'Fill in the forms of the portal', roles: ['portal'] },
];
