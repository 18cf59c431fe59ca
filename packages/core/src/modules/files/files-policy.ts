import type { PermissionDefinition } from '#platform/module';

export const filesPermissions: readonly PermissionDefinition[] = [
  {
    name: 'files.read-file',
    title: 'Open stored files',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'files.upload-file',
    title: 'Upload files',
    roles: ['administrator', 'manager', 'technician', 'billing', 'portal'],
  },
];
