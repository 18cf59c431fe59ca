import type { PermissionDefinition } from '#platform/module';

export const SEE_VIEWS = 'plugin-views.see-views';

export const viewPermissions: readonly PermissionDefinition[] = [
  {
    name: SEE_VIEWS,
    title: 'See pages of plugins, drawn from what vendors answer',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
];
