import BookOpen from 'lucide-solid/icons/book-open';
import { api } from '#web/app/api/api.ts';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

const PALETTE_HITS = 4;

export const feature: Feature = {
  name: 'knowledge',
  routes: [
    { path: '/knowledge', title: 'Knowledge', component: screen(() => import('./article-list.tsx'), 'ArticleList') },
    {
      path: '/knowledge/new',
      title: 'New article',
      component: screen(() => import('./edit-article.tsx'), 'NewArticle'),
    },
    {
      path: '/knowledge/:articleId',
      title: 'Article',
      component: screen(() => import('./article-page.tsx'), 'ArticlePage'),
    },
  ],
  nav: [
    {
      label: 'Knowledge',
      href: '/knowledge',
      icon: BookOpen,
      group: 'work',
      order: 50,
      permission: 'knowledge.read-articles',
      shortcut: 'g k',
    },
  ],
  createActions: (go) => [
    { id: 'knowledge.new', name: 'New article', group: 'Knowledge', run: () => go('/knowledge/new') },
  ],
  search: async (text, signal) => {
    const { items } = await api.knowledge.listArticles.query({ search: text, limit: PALETTE_HITS }, { signal });
    return items.slice(0, PALETTE_HITS).map((article) => ({
      id: article.id,
      label: article.title,
      detail: article.summary,
      group: 'Knowledge',
      href: `/knowledge/${article.id}`,
    }));
  },
};
