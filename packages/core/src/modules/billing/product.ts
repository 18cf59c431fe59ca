import type { Selectable } from 'kysely';
import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { currencySchema } from '#kernel/money';
import { text } from '#kernel/text';
import { taxRateSchema } from './billing-settings.ts';
import type { BillingTables } from './billing-table.ts';

export const productIdSchema = idSchema('product');

/** What a product is, as it is written. */
export const productFields = {
  code: z.string().regex(/^[A-Z0-9][A-Z0-9._-]{0,39}$/, {
    error: 'must be 1 to 40 capital letters, digits, dots, hyphens or underscores',
  }),
  name: text({ max: 120 }),
  description: text({ min: 0, max: 1000 }).default(''),
  unit: text({ max: 20 }),
  priceMinor: z.int().min(0).max(100_000_000_000),
  currency: currencySchema,
  taxRate: taxRateSchema,
  /** What it costs the MSP, in the same currency; null for not known, absent to leave it. */
  costMinor: z.int().min(0).max(100_000_000_000).nullable().optional(),
};

/** A product as it leaves the server; `costMinor` is null also for whoever may not see costs. */
export const productView = z.object({
  id: productIdSchema,
  code: z.string(),
  name: z.string(),
  description: z.string(),
  unit: z.string(),
  priceMinor: z.int(),
  currency: z.string(),
  taxRate: z.string(),
  costMinor: z.int().nullable(),
  isActive: z.boolean(),
  version: z.int(),
});
export type ProductView = z.output<typeof productView>;

export function toProductView(row: Selectable<BillingTables['product']>, costMinor: number | null): ProductView {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    description: row.description,
    unit: row.unit,
    priceMinor: row.price_minor,
    currency: row.currency,
    taxRate: row.tax_rate.toFixed(),
    costMinor,
    isActive: row.is_active,
    version: row.version,
  };
}
