import type { PermissionDefinition } from '#platform/module';

export const timePermissions: readonly PermissionDefinition[] = [
  {
    name: 'time.log-time',
    title: 'Log own time, with a timer or by hand',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: 'time.read-time',
    title: 'See time on tickets and timesheets',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'time.change-time',
    title: 'Correct and remove time',
    roles: ['administrator', 'manager', 'technician', 'billing'],
  },
  {
    name: 'time.reverse-time',
    title: 'Take back time that is on an invoice, by a reversal',
    roles: ['administrator', 'manager', 'billing'],
  },
  {
    name: 'time.approve-time',
    title: 'Approve, return and open again the timesheets of others',
    roles: ['administrator', 'manager'],
  },
];
