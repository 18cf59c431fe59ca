import type { PermissionDefinition } from '#platform/module';

export const approvalPermissions: readonly PermissionDefinition[] = [
  {
    name: 'approvals.request-approval',
    title: 'Ask for approvals on tickets, and withdraw them',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: 'approvals.read-approvals',
    title: 'See approvals of tickets, and answer those that ask one',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: 'approvals.decide-in-portal',
    title: 'Answer in the portal what the company is asked to approve',
    roles: ['portal'],
  },
];
