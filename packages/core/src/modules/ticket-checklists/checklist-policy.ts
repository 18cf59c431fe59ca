import type { PermissionDefinition } from '#platform/module';

export const checklistPermissions: readonly PermissionDefinition[] = [
  {
    name: 'ticket-checklists.read-checklists',
    title: 'See checklists on tickets',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'ticket-checklists.use-checklists',
    title: 'Add checklists to tickets and tick them off',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: 'ticket-checklists.manage-templates',
    title: 'Change checklist templates',
    roles: ['administrator', 'manager'],
  },
];
