import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { mspIdSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { TenancyTables } from './tenancy-table.ts';

/** An MSP's settings as they leave the server. */
export const mspView = z.object({
  id: mspIdSchema,
  name: z.string(),
  slug: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  locale: z.string(),
  accentHue: z.int(),
  version: z.int(),
});
export type MspView = z.input<typeof mspView>;

/** Reads the scope's MSP. */
export class MspQueries {
  readonly #db: ScopedDb<TenancyTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<TenancyTables>();
  }

  /** Throws `tenancy.msp-not-found`. */
  async get(scope: TenantScope): Promise<MspView> {
    const row = await this.#db.readFirst(scope, (query) => query.selectFrom('msp').selectAll());
    if (row === undefined) throw new NotFoundError('tenancy.msp-not-found', 'There is no such MSP.');
    return {
      id: row.msp_id,
      name: row.name,
      slug: row.slug,
      timeZone: row.time_zone,
      currency: row.currency,
      locale: row.locale,
      accentHue: row.accent_hue,
      version: row.version,
    };
  }
}
