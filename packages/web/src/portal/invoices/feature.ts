import type { PortalFeature } from '#web/app/portal/portal-feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: PortalFeature = {
  name: 'invoices',
  routes: [
    { path: '/invoices', title: 'nav.invoices', component: screen(() => import('./invoice-list.tsx'), 'InvoiceList') },
    {
      path: '/invoices/:id',
      title: 'nav.invoice',
      component: screen(() => import('./invoice-page.tsx'), 'InvoicePage'),
    },
  ],
  nav: [{ label: 'nav.invoices', href: '/invoices', group: 'portal', order: 40, permission: 'billing.read-invoices' }],
};
