import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'satisfaction',
  routes: [
    {
      path: '/reports/ratings',
      title: 'Ratings',
      component: screen(() => import('./rating-list.tsx'), 'RatingList'),
    },
  ],
  createActions: (go) => [
    { id: 'satisfaction.ratings', name: 'Ratings of clients', group: 'Reports', run: () => go('/reports/ratings') },
  ],
};
