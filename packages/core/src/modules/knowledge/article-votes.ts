import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { articleNotFound } from './article-queries.ts';
import type { KnowledgeTables } from './knowledge-table.ts';

export const voteInput = z.object({ articleId: idSchema('knowledge-article'), isHelpful: z.boolean() });

/** Whether an article helped: one word of each reader, who may change it. No entry of the audit trail is made of what somebody thinks. */
export class ArticleVotes {
  readonly #db: ScopedDb<KnowledgeTables>;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; clock: Clock }) {
    this.#db = deps.db.typed<KnowledgeTables>();
    this.#clock = deps.clock;
  }

  /** Throws `knowledge.article-not-found`. */
  async vote(scope: TenantScope, { articleId, isHelpful }: z.output<typeof voteInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const article = await tx.query
        .selectFrom('knowledge_article')
        .select('id')
        .where('id', '=', articleId)
        .executeTakeFirst();
      if (article === undefined) throw articleNotFound();
      const said = { is_helpful: isHelpful, at: this.#clock.now() };
      await tx.query
        .insertInto('knowledge_vote')
        .values({ msp_id: scope.mspId, article_id: articleId, actor_id: scope.actor.id, ...said })
        .onConflict((conflict) => conflict.columns(['msp_id', 'article_id', 'actor_id']).doUpdateSet(said))
        .execute();
    });
  }
}
