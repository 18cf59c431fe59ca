import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { idSchema, newId, type ClientId } from '#kernel/id';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { RichText } from '#platform/rich-text/rich-text';
import { articleInput, articleWords } from './article.ts';
import { articleNotFound } from './article-queries.ts';
import type { KnowledgeArticleId, KnowledgeTables } from './knowledge-table.ts';

export const createArticleInput = z.object(articleInput);
export const updateArticleInput = z.object({
  articleId: idSchema('knowledge-article'),
  version: z.int(),
  ...articleInput,
});
type Given = z.output<typeof createArticleInput>;
type Tx = ScopedTransaction<KnowledgeTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Writes articles. What holds for the whole MSP is written by who reaches all its clients; an article for clients by who reaches them. */
export class SaveArticle {
  readonly #db: ScopedDb<KnowledgeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<KnowledgeTables>();
    this.#deps = deps;
  }

  /** Throws `knowledge.empty-article`, `knowledge.clients-needed`, `knowledge.category-not-found`, `tenancy.client-not-found`, `scope.needs-all-clients`. */
  async create(scope: TenantScope, input: Given): Promise<{ articleId: KnowledgeArticleId }> {
    const rich = articleWords(input);
    await this.#assertReach(scope, input);
    return this.#db.transaction(scope, async (tx) => {
      await this.#assertCategory(tx, input);
      const id = newId<'knowledge-article'>();
      const now = this.#deps.clock.now();
      await this.#addClients(tx, id, input.clientIds);
      await tx.query
        .insertInto('knowledge_article')
        .values({
          msp_id: scope.mspId,
          id,
          ...columnsOf(input, rich),
          author_label: scope.actor.label,
          created_at: now,
          updated_at: now,
          published_at: input.state === 'published' ? now : null,
        })
        .execute();
      await this.#told(tx, id, 1, input, rich);
      return { articleId: id };
    });
  }

  /** Returns the new version. Throws as `create` does, and `knowledge.article-not-found`, `knowledge.article-changed`. */
  async update(scope: TenantScope, input: z.output<typeof updateArticleInput>): Promise<{ version: number }> {
    const rich = articleWords(input);
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('knowledge_article')
        .select(['id', 'audience', 'version', 'published_at'])
        .where('id', '=', input.articleId)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw articleNotFound();
      if (before.audience !== 'client') requireWholeMsp(tx.scope);
      await this.#assertReach(tx.scope, input);
      await this.#assertCategory(tx, input);
      if (before.version !== input.version)
        throw new ConflictError(
          'knowledge.article-changed',
          'Somebody else changed this article meanwhile. Look at it again, then repeat your change.',
        );
      const now = this.#deps.clock.now();
      // A row for clients is seen through them: those that come before the change, those that go after it.
      await this.#addClients(tx, before.id, input.clientIds);
      await tx.query
        .updateTable('knowledge_article')
        .set({
          ...columnsOf(input, rich),
          version: before.version + 1,
          updated_at: now,
          published_at: input.state === 'published' ? (before.published_at ?? now) : before.published_at,
        })
        .where('id', '=', before.id)
        .execute();
      const gone = tx.query.deleteFrom('knowledge_article_client').where('article_id', '=', before.id);
      await (input.clientIds.length === 0 ? gone : gone.where('client_id', 'not in', input.clientIds)).execute();
      await this.#told(tx, before.id, before.version + 1, input, rich);
      return { version: before.version + 1 };
    });
  }

  async #assertReach(scope: TenantScope, { audience, clientIds }: Given): Promise<void> {
    if (audience !== 'client') requireWholeMsp(scope);
    for (const clientId of new Set(clientIds)) await this.#deps.clients.get(scope, clientId);
  }

  async #assertCategory(tx: Tx, { categoryId }: Given): Promise<void> {
    if (categoryId === null) return;
    const row = await tx.query
      .selectFrom('knowledge_category')
      .select('id')
      .where('id', '=', categoryId)
      .executeTakeFirst();
    if (row === undefined)
      throw new NotFoundError('knowledge.category-not-found', 'There is no such category.', {
        fields: [{ path: ['categoryId'], message: 'is no category' }],
      });
  }

  async #addClients(tx: Tx, articleId: KnowledgeArticleId, clientIds: readonly ClientId[]): Promise<void> {
    if (clientIds.length === 0) return;
    await tx.query
      .insertInto('knowledge_article_client')
      .values(
        [...new Set(clientIds)].map((clientId) => ({
          msp_id: tx.scope.mspId,
          client_id: clientId,
          article_id: articleId,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async #told(tx: Tx, id: KnowledgeArticleId, number: number, input: Given, rich: RichText): Promise<void> {
    const { audit, live, clock } = this.#deps;
    await tx.query
      .insertInto('knowledge_version')
      .values({
        msp_id: tx.scope.mspId,
        article_id: id,
        number,
        title: input.title,
        html: rich.html,
        by_label: tx.scope.actor.label,
        at: clock.now(),
      })
      .execute();
    await audit.record(tx, {
      action: number === 1 ? 'knowledge.create-article' : 'knowledge.update-article',
      subject: { kind: 'knowledge-article', id, clientId: null },
      summary: `${number === 1 ? 'Wrote' : 'Changed'} the article ${input.title}`,
      after: { title: input.title, audience: input.audience, state: input.state, clientIds: input.clientIds, number },
    });
    live.touch(tx, { clientId: null, topic: 'knowledge-article', id, version: number });
  }
}

function columnsOf(input: Given, rich: RichText) {
  return {
    title: input.title,
    audience: input.audience,
    state: input.state,
    language: input.language,
    category_id: input.categoryId,
    html: rich.html,
    body: rich.text,
    review_on: input.reviewOn === null ? null : Temporal.PlainDate.from(input.reviewOn),
  };
}
