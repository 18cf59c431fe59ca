import type { PortalFeature } from '#web/app/portal/portal-feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: PortalFeature = {
  name: 'knowledge',
  routes: [
    {
      path: '/knowledge',
      title: 'nav.knowledge',
      component: screen(() => import('./article-list.tsx'), 'ArticleList'),
    },
    {
      path: '/knowledge/:articleId',
      title: 'nav.article',
      component: screen(() => import('./article-page.tsx'), 'ArticlePage'),
    },
  ],
  nav: [
    { label: 'nav.knowledge', href: '/knowledge', group: 'portal', order: 22, permission: 'knowledge.read-in-portal' },
  ],
};
