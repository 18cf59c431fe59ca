import type { PermissionDefinition } from '#platform/module';

export const READ_DELIVERIES = 'plugin-events.read-deliveries';
export const MANAGE_WEBHOOKS = 'plugin-events.manage-webhooks';
export const RETRY_DELIVERIES = 'plugin-events.retry-deliveries';

export const eventPermissions: readonly PermissionDefinition[] = [
  {
    name: READ_DELIVERIES,
    title: 'See what vendors deliver by themselves and what plugins are told',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: MANAGE_WEBHOOKS,
    title: 'See and replace the addresses to which vendors deliver',
    roles: ['administrator'],
  },
  {
    name: RETRY_DELIVERIES,
    title: 'Have failed deliveries and events tried again',
    roles: ['administrator', 'technician'],
  },
];
