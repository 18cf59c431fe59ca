import { sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { BillingTables } from './billing-table.ts';
import { toProductView, type ProductView } from './product.ts';

export const listProductsInput = z.object({
  ...pageInput,
  search: text({ max: 100 }).optional(),
  isActive: z.boolean().optional(),
});

/** Reads the catalogue. */
export class ProductQueries {
  readonly #db: ScopedDb<BillingTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<BillingTables>();
  }

  /** Products by name. What they cost is null for whoever may not see costs. */
  async list(scope: TenantScope, input: z.output<typeof listProductsInput>): Promise<Page<ProductView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const maySeeCosts = scope.audience === 'system' || scope.permissions.has('billing.read-costs');
    const rows = await this.#db.read(scope, (query) => {
      let list = query
        .selectFrom('product')
        .leftJoin('product_cost', 'product_cost.product_id', 'product.id')
        .selectAll('product')
        .select('product_cost.cost_minor');
      if (input.isActive !== undefined) list = list.where('is_active', '=', input.isActive);
      if (input.search !== undefined)
        list = list.where(
          sql<boolean>`(strpos(lower(name), lower(${input.search})) > 0 or strpos(lower(code), lower(${input.search})) > 0)`,
        );
      if (after !== null) list = list.where(sql<boolean>`(lower(name), id) > (${after[0]}, ${after[1]}::uuid)`);
      return list
        .orderBy(sql`lower(name)`)
        .orderBy('id')
        .limit(input.limit + 1);
    });
    return toPage(
      rows,
      input.limit,
      (row) => toProductView(row, maySeeCosts ? row.cost_minor : null),
      (row) => [row.name.toLowerCase(), row.id],
    );
  }

  /** The tax rate of a product by its code, in percent; null for a code that the catalogue does not have. */
  async taxRateOf(tx: AnyTransaction, code: string): Promise<string | null> {
    if (code === '') return null;
    const row = await tx
      .typed<BillingTables>()
      .query.selectFrom('product')
      .select('tax_rate')
      .where('code', '=', code)
      .executeTakeFirst();
    return row?.tax_rate.toFixed() ?? null;
  }
}
