import type { PermissionDefinition } from '#platform/module';

export const slaPermissions: readonly PermissionDefinition[] = [
  {
    name: 'sla.read-rules',
    title: 'See SLA policies and business calendars',
    // Who writes contracts says by which calendar they count.
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'sla.manage-rules',
    title: 'Change SLA policies and business calendars, and choose which policy holds',
    roles: ['administrator', 'manager'],
  },
];
