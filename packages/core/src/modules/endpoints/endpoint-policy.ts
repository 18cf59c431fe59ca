import type { PermissionDefinition } from '#platform/module';

export const endpointPermissions: readonly PermissionDefinition[] = [
  {
    name: 'endpoints.read-agents',
    title: 'See agents and their orders',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: 'endpoints.manage-tokens',
    title: 'Make and revoke enrolment tokens',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: 'endpoints.manage-agents',
    title: 'Revoke agents, decide quarantine, allow orders',
    roles: ['administrator', 'manager'],
  },
  { name: 'endpoints.run-script', title: 'Run scripts on clients’ machines', roles: ['administrator', 'technician'] },
];
