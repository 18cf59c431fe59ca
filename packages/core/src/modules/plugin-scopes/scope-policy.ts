import type { PermissionDefinition } from '#platform/module';

export const READ_SCOPES = 'plugin-scopes.read-scopes';
export const MAP_SCOPES = 'plugin-scopes.map-scopes';
export const ENABLE_READS = 'plugin-scopes.enable-reads';
export const ENABLE_ACTIONS = 'plugin-scopes.enable-actions';

export const scopePermissions: readonly PermissionDefinition[] = [
  {
    name: READ_SCOPES,
    title: 'See what connections reach at their vendors, and whose it is',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  { name: MAP_SCOPES, title: 'Say which client a vendor’s scope belongs to', roles: ['administrator', 'manager'] },
  { name: ENABLE_READS, title: 'Switch reading on and off for a client', roles: ['administrator', 'manager'] },
  {
    name: ENABLE_ACTIONS,
    title: 'Let plugins change things at a client’s vendors',
    roles: ['administrator'],
  },
];
