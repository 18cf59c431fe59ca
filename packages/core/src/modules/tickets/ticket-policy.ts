import type { PermissionDefinition } from '#platform/module';

export const ticketPermissions: readonly PermissionDefinition[] = [
  {
    name: 'tickets.read-tickets',
    title: 'See tickets and their conversations',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'tickets.open-ticket',
    title: 'Open tickets',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: 'tickets.work-tickets',
    title: 'Answer, assign, change and close tickets',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: 'tickets.move-ticket',
    title: 'Correct which client a ticket belongs to',
    roles: ['administrator', 'manager'],
  },
  {
    name: 'tickets.manage-queues',
    title: 'Change queues, and the rules by which alerts become tickets',
    roles: ['administrator', 'manager'],
  },
  {
    name: 'tickets.use-portal',
    title: 'See the company’s tickets in the portal, open and answer them',
    roles: ['portal'],
  },
];
