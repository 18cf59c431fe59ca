import type { PermissionDefinition } from '#platform/module';

export const replyPermissions: readonly PermissionDefinition[] = [
  {
    name: 'replies.use-texts',
    title: 'Use canned replies and macros, and keep own ones',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: 'replies.share-texts',
    title: 'Make and change canned replies and macros for all',
    roles: ['administrator', 'manager'],
  },
];
