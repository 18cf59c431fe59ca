import type { PermissionDefinition } from '#platform/module';

export const SHARE_VIEWS = 'ticket-views.share-views';

export const viewPermissions: readonly PermissionDefinition[] = [
  {
    name: 'ticket-views.use-views',
    title: 'Use views of the queue and keep own ones',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: SHARE_VIEWS,
    title: 'Make and change views that everybody sees',
    roles: ['administrator', 'manager'],
  },
];
