import type { PermissionDefinition } from '#platform/module';

export const brandingPermissions: readonly PermissionDefinition[] = [
  {
    name: 'branding.manage-brand',
    title: 'Change the logo and colours of the portal',
    roles: ['administrator', 'manager'],
  },
  { name: 'branding.see-brand', title: 'See the portal in its look', roles: ['portal'] },
];
