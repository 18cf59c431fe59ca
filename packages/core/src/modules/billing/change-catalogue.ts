import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { BillingTables, ProductId } from './billing-table.ts';
import { productFields, productIdSchema } from './product.ts';

export const createProductInput = z.object(productFields);
export type CreateProductInput = z.output<typeof createProductInput>;
export const updateProductInput = z.object({
  ...productFields,
  productId: productIdSchema,
  version: z.int(),
  isActive: z.boolean().default(true),
});
export type UpdateProductInput = z.output<typeof updateProductInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** The only writer of `product` and `product_cost`. Agreements keep the price that was agreed, whatever happens here. */
export class ChangeCatalogue {
  readonly #db: ScopedDb<BillingTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<BillingTables>();
    this.#deps = deps;
  }

  /** Throws `billing.code-taken`. */
  async create(scope: TenantScope, input: CreateProductInput): Promise<{ productId: ProductId }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      await this.#assertFree(tx, input.code, null);
      const id: ProductId = newId();
      await tx.query
        .insertInto('product')
        .values({ msp_id: scope.mspId, id, ...rowOf(input), created_at: this.#deps.clock.now() })
        .execute();
      await this.#setCost(tx, id, input.costMinor);
      await this.#deps.audit.record(tx, {
        action: 'billing.create-product',
        subject: { kind: 'product', id, clientId: null },
        summary: `Added the product ${input.name}`,
        after: input,
      });
      return { productId: id };
    });
  }

  /** Throws `billing.product-not-found`, `billing.product-changed` on a stale version, `billing.code-taken`. */
  async update(scope: TenantScope, input: UpdateProductInput): Promise<{ version: number }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('product')
        .selectAll()
        .where('id', '=', input.productId)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw new NotFoundError('billing.product-not-found', 'There is no such product.');
      if (before.version !== input.version)
        throw new ConflictError(
          'billing.product-changed',
          'Somebody else changed this product meanwhile. Look at it again, then repeat your change.',
        );
      await this.#assertFree(tx, input.code, before.id);
      const version = before.version + 1;
      await tx.query
        .updateTable('product')
        .set({ ...rowOf(input), is_active: input.isActive, version })
        .where('id', '=', before.id)
        .execute();
      await this.#setCost(tx, before.id, input.costMinor);
      await this.#deps.audit.record(tx, {
        action: 'billing.update-product',
        subject: { kind: 'product', id: before.id, clientId: null },
        summary: `Changed the product ${before.name}`,
        before: { ...before, tax_rate: before.tax_rate.toFixed(), created_at: before.created_at.toString() },
        after: input,
      });
      return { version };
    });
  }

  async #assertFree(tx: ScopedTransaction<BillingTables>, code: string, own: ProductId | null): Promise<void> {
    const other = await tx.query.selectFrom('product').select('id').where('code', '=', code).executeTakeFirst();
    if (other !== undefined && other.id !== own)
      throw new ConflictError('billing.code-taken', `Another product has the code ${code}.`, {
        fields: [{ path: ['code'], message: 'is taken' }],
      });
  }

  async #setCost(
    tx: ScopedTransaction<BillingTables>,
    productId: ProductId,
    costMinor: number | null | undefined,
  ): Promise<void> {
    if (costMinor === undefined) return;
    await tx.query.deleteFrom('product_cost').where('product_id', '=', productId).execute();
    if (costMinor !== null)
      await tx.query
        .insertInto('product_cost')
        .values({ msp_id: tx.scope.mspId, product_id: productId, cost_minor: costMinor })
        .execute();
  }
}

function rowOf(input: CreateProductInput) {
  return {
    code: input.code,
    name: input.name,
    description: input.description,
    unit: input.unit,
    price_minor: input.priceMinor,
    currency: input.currency,
    tax_rate: new Decimal(input.taxRate),
  };
}
