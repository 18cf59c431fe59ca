import Building from 'lucide-solid/icons/building';
import { api } from '#web/app/api/api.ts';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

const PALETTE_HITS = 6;

export const feature: Feature = {
  name: 'clients',
  routes: [
    { path: '/clients', title: 'Clients', component: screen(() => import('./client-list.tsx'), 'ClientList') },
    { path: '/clients/:clientId', title: 'Client', component: screen(() => import('./client-page.tsx'), 'ClientPage') },
  ],
  nav: [
    {
      label: 'Clients',
      href: '/clients',
      icon: Building,
      group: 'estate',
      order: 10,
      permission: 'tenancy.read-clients',
      shortcut: 'g c',
    },
  ],
  search: async (text, signal) => {
    const { items } = await api.tenancy.listClients.query({ search: text, limit: PALETTE_HITS }, { signal });
    return items.map((client) => ({
      id: client.id,
      label: client.name,
      detail: client.shortCode,
      group: 'Clients',
      href: `/clients/${client.id}`,
    }));
  },
};
