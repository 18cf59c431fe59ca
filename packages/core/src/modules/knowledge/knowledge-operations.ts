import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineDownload, defineQuery, defineUpload } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { addArticleFileInput, articleFileInput, type ArticleFiles } from './article-files.ts';
import {
  articleIdInput,
  listArticlesInput,
  portalListInput,
  portalSuggestInput,
  suggestInput,
  forContact,
  type ArticleQueries,
} from './article-queries.ts';
import {
  articleDetailView,
  articleFileView,
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
  readonly files: ArticleFiles;
  readonly votes: ArticleVotes;
  readonly categories: Categories;
}

const READ = 'knowledge.read-articles';
const WRITE = 'knowledge.write-articles';
const PORTAL = 'knowledge.read-in-portal';

/** What staff may ask about articles. */
export function knowledgeOperations({ articles, save, votes, categories, files }: Needs) {
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
    ...fileOperations({ files }),
    ...portalOperations({ articles, votes, categories, files }),
  };
}

function fileOperations({ files }: Pick<Needs, 'files'>) {
  return {
    addArticleFile: defineUpload({
      name: 'knowledge.add-file',
      permission: WRITE,
      input: addArticleFileInput,
      output: articleFileView,
      rest: { method: 'POST', path: '/articles/{articleId}/files', summary: 'Add a file to an article' },
      run: (scope, input, upload) => files.add(scope, input.articleId, upload),
    }),
    removeArticleFile: defineCommand({
      name: 'knowledge.remove-file',
      permission: WRITE,
      input: articleFileInput,
      output: z.object({}),
      rest: {
        method: 'DELETE',
        path: '/articles/{articleId}/files/{fileId}',
        summary: 'Take a file off an article',
      },
      run: async (scope, input) => {
        await files.remove(scope, input);
        return {};
      },
    }),
    downloadArticleFile: defineDownload({
      name: 'knowledge.download-file',
      permission: READ,
      input: articleFileInput,
      rest: { method: 'GET', path: '/articles/{articleId}/files/{fileId}', summary: 'A file of an article' },
      run: (scope, input) => files.open(scope, input),
    }),
  };
}

function portalOperations({ articles, votes, categories, files }: Omit<Needs, 'save'>) {
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
        items: (await articles.suggest(scope, input)).map(forContact),
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
    listPortalCategories: defineQuery({
      name: 'knowledge.list-portal-categories',
      permission: PORTAL,
      audience: 'client',
      input: z.object({}),
      output: z.object({ items: z.array(categoryView) }),
      rest: { method: 'GET', path: '/portal/article-categories', summary: 'Categories with articles for the company' },
      run: async (scope) => ({ items: await categories.listFilled(scope) }),
    }),
    downloadPortalArticleFile: defineDownload({
      name: 'knowledge.download-portal-file',
      permission: PORTAL,
      audience: 'client',
      input: articleFileInput,
      rest: { method: 'GET', path: '/portal/articles/{articleId}/files/{fileId}', summary: 'A file of an article' },
      run: (scope, input) => files.open(scope, input),
    }),
  };
}
