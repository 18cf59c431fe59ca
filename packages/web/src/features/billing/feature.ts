import ReceiptText from 'lucide-solid/icons/receipt-text';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'billing',
  routes: [
    { path: '/billing', title: 'Billing', component: screen(() => import('./invoice-list.tsx'), 'InvoiceList') },
    {
      path: '/billing/contracts',
      title: 'Contracts',
      component: screen(() => import('./contract-list.tsx'), 'ContractList'),
    },
    {
      path: '/billing/products',
      title: 'Products',
      component: screen(() => import('./product-list.tsx'), 'ProductList'),
    },
    { path: '/billing/drift', title: 'Drift', component: screen(() => import('./drift-list.tsx'), 'DriftList') },
  ],
  nav: [
    {
      label: 'Billing',
      href: '/billing',
      icon: ReceiptText,
      group: 'business',
      order: 10,
      permission: 'billing.draft-invoice',
      shortcut: 'g b',
    },
  ],
};
