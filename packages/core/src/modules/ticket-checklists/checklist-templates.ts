import type { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { newId, type MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { DeskCategoryId } from '#modules/desk-catalogue';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { createTemplateInput, TemplateView, updateTemplateInput } from './checklist-template.ts';
import type { ChecklistTables, ChecklistTemplateId } from './checklist-table.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<ChecklistTables>;

/** The MSP's templates of checklists. */
export class ChecklistTemplates {
  readonly #db: ScopedDb<ChecklistTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ChecklistTables>();
    this.#deps = deps;
  }

  /** All templates by name, those out of use too. */
  async list(scope: TenantScope): Promise<TemplateView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query.selectFrom('checklist_template').selectAll().orderBy('name').limit(500),
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      ticketType: row.ticket_type,
      categoryId: row.category_id,
      isAutomatic: row.is_automatic,
      isActive: row.is_active,
      items: row.items,
      version: row.version,
    }));
  }

  /** Throws `ticket-checklists.name-taken`, `ticket-checklists.category-not-found`. */
  async create(
    scope: TenantScope,
    input: z.output<typeof createTemplateInput>,
  ): Promise<{ templateId: ChecklistTemplateId }> {
    return this.#db.transaction(scope, async (tx) => {
      const id = newId<'checklist-template'>();
      await this.#assertName(tx, input.name, id);
      await assertCategory(tx, input.categoryId);
      await tx.query
        .insertInto('checklist_template')
        .values({
          msp_id: scope.mspId,
          id,
          name: input.name,
          ticket_type: input.ticketType,
          category_id: input.categoryId,
          is_automatic: input.isAutomatic,
          items: JSON.stringify(input.items),
          created_at: this.#deps.clock.now(),
        })
        .execute();
      await this.#done(tx, id, `Made the checklist template ${input.name}`, input, 1);
      return { templateId: id };
    });
  }

  /** What was made from it stays as it is. Throws `ticket-checklists.template-not-found`, `ticket-checklists.template-changed`, `ticket-checklists.name-taken`. */
  async update(scope: TenantScope, input: z.output<typeof updateTemplateInput>): Promise<{ version: number }> {
    return this.#db.transaction(scope, async (tx) => {
      const before = await this.read(tx, input.templateId);
      await this.#assertName(tx, input.name, input.templateId);
      await assertCategory(tx, input.categoryId);
      const version = input.version + 1;
      const result = await tx.query
        .updateTable('checklist_template')
        .set({
          name: input.name,
          ticket_type: input.ticketType,
          category_id: input.categoryId,
          is_automatic: input.isAutomatic,
          is_active: input.isActive,
          items: JSON.stringify(input.items),
          version,
        })
        .where('id', '=', before.id)
        .where('version', '=', input.version)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n)
        throw new ConflictError(
          'ticket-checklists.template-changed',
          'Somebody else changed this template meanwhile. Look at it again, then repeat your change.',
        );
      await this.#done(tx, before.id, `Changed the checklist template ${input.name}`, input, version);
      return { version };
    });
  }

  /** One template inside a transaction. Throws `ticket-checklists.template-not-found`, also for another MSP's. */
  async read(tx: AnyTransaction, id: ChecklistTemplateId) {
    const row = await tx
      .typed<ChecklistTables>()
      .query.selectFrom('checklist_template')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined)
      throw new NotFoundError('ticket-checklists.template-not-found', 'There is no such checklist template.', {
        fields: [{ path: ['templateId'], message: 'is no template of yours' }],
      });
    return row;
  }

  /** Those that a ticket of a type and category has from its opening on; a category has those of the ones above it too. */
  async automaticFor(
    tx: AnyTransaction,
    type: string,
    categoryId: DeskCategoryId | null,
  ): Promise<{ id: ChecklistTemplateId }[]> {
    const categories = await withAbove(tx, categoryId);
    return tx
      .typed<ChecklistTables>()
      .query.selectFrom('checklist_template')
      .select('id')
      .where('is_active', '=', true)
      .where('is_automatic', '=', true)
      .where((either) => either.or([either('ticket_type', 'is', null), either('ticket_type', '=', type)]))
      .where((either) =>
        either.or([
          either('category_id', 'is', null),
          ...(categories.length === 0 ? [] : [either('category_id', 'in', categories)]),
        ]),
      )
      .orderBy('name')
      .limit(20)
      .execute();
  }

  async #assertName(tx: Tx, name: string, id: ChecklistTemplateId): Promise<void> {
    const other = await tx.query
      .selectFrom('checklist_template')
      .select('id')
      .where('name', '=', name)
      .where('id', '<>', id)
      .executeTakeFirst();
    if (other !== undefined)
      throw new ConflictError('ticket-checklists.name-taken', `There is a checklist template called ${name} already.`, {
        fields: [{ path: ['name'], message: 'is taken' }],
      });
  }

  async #done(tx: Tx, id: ChecklistTemplateId, summary: string, after: object, version: number): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'ticket-checklists.manage-template',
      subject: { kind: 'checklist-template', id, clientId: null },
      summary,
      after,
    });
    this.#deps.live.touch(tx, { clientId: null, topic: 'checklist-template', id, version });
  }
}

interface CategoryTable {
  desk_category: { msp_id: MspId; id: DeskCategoryId; parent_id: DeskCategoryId | null };
}

/** A category and those above it. The tree is three deep. */
async function withAbove(tx: AnyTransaction, categoryId: DeskCategoryId | null): Promise<DeskCategoryId[]> {
  if (categoryId === null) return [];
  const row = await tx
    .typed<CategoryTable>()
    .query.selectFrom('desk_category as own')
    .leftJoin('desk_category as above', 'above.id', 'own.parent_id')
    .select(['own.parent_id as first', 'above.parent_id as second'])
    .where('own.id', '=', categoryId)
    .executeTakeFirst();
  return [categoryId, row?.first, row?.second].filter((id) => id !== null && id !== undefined);
}

async function assertCategory(tx: AnyTransaction, categoryId: DeskCategoryId | null): Promise<void> {
  if (categoryId === null) return;
  const known = await tx
    .typed<CategoryTable>()
    .query.selectFrom('desk_category')
    .select('id')
    .where('id', '=', categoryId)
    .executeTakeFirst();
  if (known === undefined)
    throw new NotFoundError('ticket-checklists.category-not-found', 'There is no such category.', {
      fields: [{ path: ['categoryId'], message: 'is no category of yours' }],
    });
}
