import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'invoices',
  routes: [
    { path: '/invoices', title: 'Invoices', component: screen(() => import('./invoice-list.tsx'), 'InvoiceList') },
    { path: '/invoices/:id', title: 'Invoice', component: screen(() => import('./invoice-page.tsx'), 'InvoicePage') },
  ],
  nav: [{ label: 'Invoices', href: '/invoices', group: 'portal', order: 40, permission: 'billing.read-invoices' }],
};
