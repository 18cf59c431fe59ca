import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import {
  articleIdInput,
  listArticlesInput,
  portalListInput,
  portalSuggestInput,
  suggestInput,
  type ArticleQueries,
} from './article-queries.ts';
import {
  articleDetailView,
  articleView,
  portalArticleDetailView,
  portalArticleView,
  versionView,
} from './article-view.ts';
import { voteInput, type ArticleVotes } from './article-votes.ts';
import { categoryView, createCategoryInput, type Categories } from './categories.ts';
import { createArticleInput, updateArticleInput, type SaveArticle } from './save-article.ts';

interface Needs {
  readonly articles: ArticleQueries;
  readonly save: SaveArticle;
  readonly votes: ArticleVotes;
  readonly categories: Categories;
}

const READ = 'knowledge.read-articles';
const WRITE = 'knowledge.write-articles';
const PORTAL = 'knowledge.read-in-portal';

/** What staff may ask about articles. */
export function knowledgeOperations({ articles, save, votes, categories }: Needs) {
  return {
    listArticles: defineQuery({
      name: 'knowledge.list-articles',
      permission: READ,
      input: listArticlesInput,
      output: pageOf(articleView),
      rest: { method: 'GET', path: '/articles', summary: 'Articles of the knowledge base' },
      run: (scope, input) => articles.list(scope, input),
    }),
    suggestArticles: defineQuery({
      name: 'knowledge.suggest-articles',
      permission: READ,
      input: suggestInput,
      output: z.object({ items: z.array(articleView) }),
      rest: { method: 'GET', path: '/article-suggestions', summary: 'Articles that may help with a matter' },
      run: async (scope, input) => ({ items: await articles.suggest(scope, input) }),
    }),
    getArticle: defineQuery({
      name: 'knowledge.get-article',
      permission: READ,
      input: articleIdInput,
      output: articleDetailView,
      rest: { method: 'GET', path: '/articles/{articleId}', summary: 'One article' },
      run: (scope, input) => articles.get(scope, input.articleId),
    }),
    listVersions: defineQuery({
      name: 'knowledge.list-versions',
      permission: READ,
      input: articleIdInput,
      output: z.object({ items: z.array(versionView) }),
      rest: { method: 'GET', path: '/articles/{articleId}/versions', summary: 'An article as it was before' },
      run: async (scope, input) => ({ items: await articles.versions(scope, input.articleId) }),
    }),
    createArticle: defineCommand({
      name: 'knowledge.create-article',
      permission: WRITE,
      input: createArticleInput,
      output: z.object({ articleId: idSchema('knowledge-article') }),
      rest: { method: 'POST', path: '/articles', summary: 'Write an article' },
      run: (scope, input) => save.create(scope, input),
    }),
    updateArticle: defineCommand({
      name: 'knowledge.update-article',
      permission: WRITE,
      input: updateArticleInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/articles/{articleId}', summary: 'Change, publish or archive an article' },
      run: (scope, input) => save.update(scope, input),
    }),
    listCategories: defineQuery({
      name: 'knowledge.list-categories',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(categoryView) }),
      rest: { method: 'GET', path: '/article-categories', summary: 'Categories of articles, by name' },
      run: async (scope) => ({ items: await categories.list(scope) }),
    }),
    createCategory: defineCommand({
      name: 'knowledge.create-category',
      permission: WRITE,
      input: createCategoryInput,
      output: z.object({ categoryId: idSchema('knowledge-category') }),
      rest: { method: 'POST', path: '/article-categories', summary: 'Make a category' },
      run: (scope, input) => categories.create(scope, input),
    }),
    ...portalOperations({ articles, votes }),
  };
}

function portalOperations({ articles, votes }: Pick<Needs, 'articles' | 'votes'>) {
  return {
    listPortalArticles: defineQuery({
      name: 'knowledge.list-portal-articles',
      permission: PORTAL,
      audience: 'client',
      input: portalListInput,
      output: pageOf(portalArticleView),
      rest: { method: 'GET', path: '/portal/articles', summary: 'Articles for the company' },
      run: (scope, input) => articles.listForContact(scope, input),
    }),
    getPortalArticle: defineQuery({
      name: 'knowledge.get-portal-article',
      permission: PORTAL,
      audience: 'client',
      input: articleIdInput,
      output: portalArticleDetailView,
      rest: { method: 'GET', path: '/portal/articles/{articleId}', summary: 'One article' },
      run: (scope, input) => articles.getForContact(scope, input.articleId),
    }),
    suggestPortalArticles: defineQuery({
      name: 'knowledge.suggest-portal-articles',
      permission: PORTAL,
      audience: 'client',
      input: portalSuggestInput,
      output: z.object({ items: z.array(portalArticleView) }),
      rest: { method: 'GET', path: '/portal/article-suggestions', summary: 'Articles that may help' },
      run: async (scope, input) => ({
        items: (await articles.suggest(scope, input)).map(({ id, title, summary, updatedAt }) => ({
          id,
          title,
          summary,
          updatedAt,
        })),
      }),
    }),
    votePortalArticle: defineCommand({
      name: 'knowledge.vote-portal-article',
      permission: PORTAL,
      audience: 'client',
      input: voteInput,
      output: z.object({}),
      rest: { method: 'PUT', path: '/portal/articles/{articleId}/vote', summary: 'Say whether an article helped' },
      run: async (scope, input) => {
        await votes.vote(scope, input);
        return {};
      },
    }),
  };
}
