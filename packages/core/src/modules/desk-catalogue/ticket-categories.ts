import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { DeskCatalogueTables, DeskCategoryId } from './desk-catalogue-table.ts';
import { TICKET_TYPES, type TicketType } from './ticket-type.ts';

type Tx = ScopedTransaction<DeskCatalogueTables>;

/** A category of a category of a category, and no deeper: nobody finds what lies below. */
const MAX_DEPTH = 3;
const MAX_CATEGORIES = 1000;

const fields = {
  name: text({ max: 80 }),
  /** None is every type. */
  ticketTypes: z.array(z.enum(TICKET_TYPES)).max(4).default([]),
};
export const createCategoryInput = z.object({
  ...fields,
  parentId: idSchema('desk-category').nullable().default(null),
});
export const updateCategoryInput = z.object({
  categoryId: idSchema('desk-category'),
  version: z.int(),
  ...fields,
  /** False retires it with all below it: tickets keep it, and none gets it. */
  isActive: z.boolean(),
});
export const categoryView = z.object({
  id: idSchema('desk-category'),
  parentId: idSchema('desk-category').nullable(),
  name: z.string(),
  /** From the root: `Hardware › Printer`. */
  path: z.string(),
  depth: z.int(),
  ticketTypes: z.array(z.enum(TICKET_TYPES)),
  isActive: z.boolean(),
  version: z.int(),
});
export type CategoryView = z.input<typeof categoryView>;

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** The tree of categories. None is ever deleted: what tickets were filed under stays readable. */
export class TicketCategories {
  readonly #db: ScopedDb<DeskCatalogueTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<DeskCatalogueTables>();
    this.#deps = deps;
  }

  /** The whole tree, retired ones too, each after what it lies in, by name. */
  async list(scope: TenantScope): Promise<CategoryView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('desk_category')
        .select(['id', 'parent_id', 'name', 'depth', 'ticket_types', 'is_active', 'version'])
        .orderBy('depth')
        .limit(MAX_CATEGORIES),
    );
    const paths = new Map<string | null, string>();
    for (const { id, parent_id: parentId, name } of rows) {
      const above = paths.get(parentId);
      paths.set(id, above === undefined ? name : `${above} › ${name}`);
    }
    return rows
      .map((row) => ({
        id: row.id,
        parentId: row.parent_id,
        name: row.name,
        path: paths.get(row.id) ?? row.name,
        depth: row.depth,
        ticketTypes: row.ticket_types,
        isActive: row.is_active,
        version: row.version,
      }))
      .toSorted((one, other) => one.path.localeCompare(other.path, 'en'));
  }

  /** Throws `scope.needs-all-clients`, `desk-catalogue.category-not-found` for the parent, `desk-catalogue.category-too-deep`, `desk-catalogue.category-name-taken`, `desk-catalogue.too-many-categories`. */
  async create(
    scope: TenantScope,
    input: z.output<typeof createCategoryInput>,
  ): Promise<{ categoryId: DeskCategoryId }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const parent = input.parentId === null ? null : await forChange(tx, input.parentId, 'parentId');
      const depth = (parent?.depth ?? 0) + 1;
      if (depth > MAX_DEPTH)
        throw new InvalidInputError('desk-catalogue.category-too-deep', 'Categories go three levels deep.', {
          fields: [{ path: ['parentId'], message: 'is on the third level already' }],
        });
      const { count } = await tx.query
        .selectFrom('desk_category')
        .select((all) => all.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      if (count >= MAX_CATEGORIES)
        throw new ConflictError(
          'desk-catalogue.too-many-categories',
          `There are ${MAX_CATEGORIES} categories already.`,
        );
      const id = newId<'desk-category'>();
      await tx.query
        .insertInto('desk_category')
        .values({
          msp_id: scope.mspId,
          id,
          parent_id: input.parentId,
          name: input.name,
          depth,
          ticket_types: input.ticketTypes,
          created_at: this.#deps.clock.now(),
        })
        .execute()
        .catch(refuseTakenName);
      await this.#record(tx, id, `Made the category ${input.name}`, input);
      return { categoryId: id };
    });
  }

  /** Throws `scope.needs-all-clients`, `desk-catalogue.category-not-found`, `desk-catalogue.category-changed` on a stale version, `desk-catalogue.category-name-taken`. */
  async update(scope: TenantScope, input: z.output<typeof updateCategoryInput>): Promise<{ version: number }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const before = await forChange(tx, input.categoryId, 'categoryId');
      if (before.version !== input.version)
        throw new ConflictError(
          'desk-catalogue.category-changed',
          'Somebody else changed this category meanwhile. Look at it again, then repeat your change.',
        );
      const version = before.version + 1;
      await tx.query
        .updateTable('desk_category')
        .set({ name: input.name, ticket_types: input.ticketTypes, is_active: input.isActive, version })
        .where('id', '=', before.id)
        .execute()
        .catch(refuseTakenName);
      await this.#record(tx, before.id, `Changed the category ${input.name}`, input);
      return { version };
    });
  }

  /** Throws `desk-catalogue.category-not-found` unless a ticket of the type can be filed under it: one that is there, not retired, nor anything above it. */
  async assertUsable(tx: AnyTransaction, categoryId: DeskCategoryId, type: TicketType): Promise<void> {
    const lineage = await lineageOf(tx, categoryId);
    if (lineage.length === 0) throw categoryNotFound('categoryId', 'is not a category of this MSP');
    if (lineage.some((row) => !row.is_active)) throw categoryNotFound('categoryId', 'has been retired');
    if (lineage.some((row) => row.ticket_types.length > 0 && !row.ticket_types.includes(type)))
      throw categoryNotFound('categoryId', `is not for a ${type}`);
  }

  /** A category and all above it, the nearest first; none for none. */
  async lineageOf(tx: AnyTransaction, categoryId: DeskCategoryId | null): Promise<DeskCategoryId[]> {
    return categoryId === null ? [] : (await lineageOf(tx, categoryId)).map(({ id }) => id);
  }

  async #record(tx: AnyTransaction, id: DeskCategoryId, summary: string, after: object): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'desk-catalogue.manage-category',
      subject: { kind: 'desk-category', id, clientId: null },
      summary,
      after,
    });
  }
}

async function lineageOf(tx: AnyTransaction, categoryId: DeskCategoryId) {
  const { query } = tx.typed<DeskCatalogueTables>();
  return query
    .withRecursive('lineage(id, parent_id, ticket_types, is_active)', (cte) =>
      cte
        .selectFrom('desk_category')
        .select(['id', 'parent_id', 'ticket_types', 'is_active'])
        .where('id', '=', categoryId)
        .unionAll(
          cte
            .selectFrom('desk_category as above')
            .innerJoin('lineage', 'lineage.parent_id', 'above.id')
            .select(['above.id', 'above.parent_id', 'above.ticket_types', 'above.is_active']),
        ),
    )
    .selectFrom('lineage')
    .select(['id', 'ticket_types', 'is_active'])
    .execute();
}

async function forChange(tx: Tx, id: DeskCategoryId, field: string) {
  const row = await tx.query
    .selectFrom('desk_category')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw categoryNotFound(field, 'is not a category of this MSP');
  return row;
}

function categoryNotFound(field: string, message: string): NotFoundError {
  return new NotFoundError('desk-catalogue.category-not-found', `The category ${message}.`, {
    fields: [{ path: [field], message }],
  });
}

/** PostgreSQL's unique_violation, said of the name: nothing else that is written there can be taken. */
function refuseTakenName(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === '23505')
    throw new ConflictError('desk-catalogue.category-name-taken', 'There is a category of this name here already.', {
      fields: [{ path: ['name'], message: 'is taken' }],
    });
  throw error;
}
