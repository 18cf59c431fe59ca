import type { PermissionDefinition } from '#platform/module';

export const READ_RUNS = 'plugin-actions.read-actions';
export const RUN_ACTIONS = 'plugin-actions.run-actions';
export const APPROVE_ACTIONS = 'plugin-actions.approve-actions';
export const MANAGE_POLICY = 'plugin-actions.manage-policy';
export const SEE_VIEWS = 'plugin-actions.see-views';

export const actionPermissions: readonly PermissionDefinition[] = [
  {
    name: READ_RUNS,
    title: 'See what plugins can do and have done',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: RUN_ACTIONS,
    title: 'Plan actions of plugins and have them run, as the policy allows',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: APPROVE_ACTIONS,
    title: 'Approve actions of plugins that others ask for',
    roles: ['administrator', 'manager'],
  },
  { name: MANAGE_POLICY, title: 'Decide which actions of plugins need approval', roles: ['administrator'] },
  {
    name: SEE_VIEWS,
    title: 'See pages of plugins',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
];
