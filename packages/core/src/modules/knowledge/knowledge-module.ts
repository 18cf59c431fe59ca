import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
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
    provide(container, ArticleQueries, () => new ArticleQueries(shared()));
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
      votes: c.resolve(ArticleVotes),
      categories: c.resolve(Categories),
    }),
});
