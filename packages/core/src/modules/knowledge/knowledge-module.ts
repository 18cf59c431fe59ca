import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { FileStoreToken } from '#platform/files/tokens';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
import { ArticleFiles } from './article-files.ts';
import { ArticleQueries } from './article-queries.ts';
import { ArticleVotes } from './article-votes.ts';
import { Categories } from './categories.ts';
import { knowledgeOperations } from './knowledge-operations.ts';
import { knowledgePermissions } from './knowledge-policy.ts';
import { SaveArticle } from './save-article.ts';

export const knowledgeModule = defineModule({
  name: 'knowledge',
  tables: ['knowledge'],
  permissions: knowledgePermissions,
  register(container) {
    const shared = () => ({
      db: container.resolve(ScopedDb),
      audit: container.resolve(AuditTrail),
      clock: container.resolve(ClockToken),
    });
    provide(
      container,
      ArticleFiles,
      (c) => new ArticleFiles({ ...shared(), files: c.resolve(FileStoreToken), live: c.resolve(LiveHub) }),
    );
    provide(container, ArticleQueries, (c) => new ArticleQueries({ ...shared(), files: c.resolve(ArticleFiles) }));
    provide(container, ArticleVotes, () => new ArticleVotes(shared()));
    provide(container, Categories, () => new Categories(shared()));
    provide(
      container,
      SaveArticle,
      (c) => new SaveArticle({ ...shared(), clients: c.resolve(ClientQueries), live: c.resolve(LiveHub) }),
    );
  },
  operations: (c) =>
    knowledgeOperations({
      articles: c.resolve(ArticleQueries),
      save: c.resolve(SaveArticle),
      files: c.resolve(ArticleFiles),
      votes: c.resolve(ArticleVotes),
      categories: c.resolve(Categories),
    }),
});
