import type { PermissionDefinition } from '#platform/module';

export const billingPermissions: readonly PermissionDefinition[] = [
  {
    name: 'billing.read-products',
    title: 'See the catalogue',
    roles: ['administrator', 'manager', 'billing', 'read-only'],
  },
  { name: 'billing.manage-products', title: 'Change the catalogue', roles: ['administrator', 'billing'] },
  { name: 'billing.read-costs', title: 'See what products cost the MSP', roles: ['administrator', 'billing'] },
  {
    name: 'billing.read-invoices',
    title: 'See invoices; contacts: of their own company, if they manage its account',
    roles: ['administrator', 'manager', 'billing', 'portal'],
  },
  {
    name: 'billing.draft-invoice',
    title: 'Draft invoices and change drafts',
    roles: ['administrator', 'manager', 'billing'],
  },
  {
    name: 'billing.issue-invoice',
    title: 'Approve, send, credit and void invoices',
    roles: ['administrator', 'billing'],
  },
  { name: 'billing.manage-settings', title: 'Change how invoices are written', roles: ['administrator', 'billing'] },
];
