import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { KnowledgeCategoryId, KnowledgeTables } from './knowledge-table.ts';

export const createCategoryInput = z.object({ name: text({ max: 100 }) });
export const categoryView = z.object({ id: idSchema('knowledge-category'), name: z.string() });

/** The shelves on which articles stand. */
export class Categories {
  readonly #db: ScopedDb<KnowledgeTables>;
  readonly #deps: { audit: AuditTrail; clock: Clock };

  constructor(deps: { db: ScopedDb; audit: AuditTrail; clock: Clock }) {
    this.#db = deps.db.typed<KnowledgeTables>();
    this.#deps = deps;
  }

  /** All, by name. */
  async list(scope: TenantScope): Promise<z.input<typeof categoryView>[]> {
    return this.#db.read(scope, (query) =>
      query.selectFrom('knowledge_category').select(['id', 'name']).orderBy('name').limit(500),
    );
  }

  /** Those in which there is an article that the scope, a contact's, may read; by name. */
  async listFilled(scope: TenantScope): Promise<z.input<typeof categoryView>[]> {
    return this.#db.read(scope, (query) =>
      query
        .selectFrom('knowledge_category')
        .select(['id', 'name'])
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('knowledge_article')
              .select('knowledge_article.id')
              .whereRef('knowledge_article.category_id', '=', 'knowledge_category.id')
              .where('knowledge_article.state', '=', 'published'),
          ),
        )
        .orderBy('name')
        .limit(500),
    );
  }

  /** Throws `knowledge.name-taken`, `scope.needs-all-clients`. */
  async create(
    scope: TenantScope,
    { name }: z.output<typeof createCategoryInput>,
  ): Promise<{ categoryId: KnowledgeCategoryId }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const id = newId<'knowledge-category'>();
      const made = await tx.query
        .insertInto('knowledge_category')
        .values({ msp_id: scope.mspId, id, name, created_at: this.#deps.clock.now() })
        .onConflict((conflict) => conflict.columns(['msp_id', 'name']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made === undefined)
        throw new ConflictError('knowledge.name-taken', 'There is a category of this name already.', {
          fields: [{ path: ['name'], message: 'is that of another category' }],
        });
      await this.#deps.audit.record(tx, {
        action: 'knowledge.create-category',
        subject: { kind: 'knowledge-category', id, clientId: null },
        summary: `Made the category ${name}`,
        after: { name },
      });
      return { categoryId: id };
    });
  }
}
