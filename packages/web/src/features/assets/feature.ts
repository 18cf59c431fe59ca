import Monitor from 'lucide-solid/icons/monitor';
import { api } from '#web/app/api/api.ts';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

const PALETTE_HITS = 6;

export const feature: Feature = {
  name: 'assets',
  routes: [
    { path: '/assets', title: 'Assets', component: screen(() => import('./asset-list.tsx'), 'AssetList') },
    { path: '/assets/:assetId', title: 'Asset', component: screen(() => import('./asset-page.tsx'), 'AssetPage') },
  ],
  nav: [
    {
      label: 'Assets',
      href: '/assets',
      icon: Monitor,
      group: 'estate',
      order: 20,
      permission: 'assets.read-assets',
      shortcut: 'g s',
    },
  ],
  search: async (text, signal) => {
    const { items } = await api.assets.listAssets.query({ search: text, limit: PALETTE_HITS }, { signal });
    return items.map((asset) => ({
      id: asset.id,
      label: asset.name,
      detail: [asset.operatingSystem, asset.primaryAddress].filter((part) => part !== '').join(' · '),
      group: 'Assets',
      href: `/assets/${asset.id}`,
    }));
  },
};
