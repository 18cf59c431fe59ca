import { ArticleFiles } from '../../packages/core/src/modules/knowledge/article-files.ts';
import { Categories } from '../../packages/core/src/modules/knowledge/categories.ts';
import { createArticleInput, SaveArticle } from '../../packages/core/src/modules/knowledge/save-article.ts';
import { staffScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A category, and in it an article with a file for the first client’s contacts. */
export async function addKnowledge(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const { categoryId } = await app.container.resolve(Categories).create(scope, { name: 'Printers' });
  const { articleId } = await app.container.resolve(SaveArticle).create(
    scope,
    createArticleInput.parse({
      title: 'Where your printer stands',
      html: '<p>On the second floor.</p>',
      audience: 'client',
      clientIds: [world.first],
      state: 'published',
      categoryId,
    }),
  );
  const body = new Response('sample').body;
  if (body === null) throw new Error('a response of text has a body');
  const file = { fileName: 'floor.txt', contentType: 'text/plain', body };
  await app.container.resolve(ArticleFiles).add(scope, articleId, file);
}
