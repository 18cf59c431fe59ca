import { sql } from 'kysely';
import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { siteIdSchema } from './contact-view.ts';
import type { TenancyTables } from './tenancy-table.ts';

export const listSitesInput = z.object({ ...pageInput, clientId: clientIdSchema.optional() });
export const siteView = z.object({
  id: siteIdSchema,
  clientId: clientIdSchema,
  name: z.string(),
  timeZone: z.string(),
  address: z.string(),
  country: z.string(),
  version: z.int(),
});
type SiteView = z.input<typeof siteView>;

/** Reads sites. */
export class SiteQueries {
  readonly #db: ScopedDb<TenancyTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<TenancyTables>();
  }

  /** Sites by name. */
  async list(scope: TenantScope, input: z.output<typeof listSitesInput>): Promise<Page<SiteView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('site').selectAll();
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (after !== null) list = list.where(sql<boolean>`(name, id) > (${after[0]}, ${after[1]}::uuid)`);
      return list
        .orderBy('name')
        .orderBy('id')
        .limit(input.limit + 1);
    });
    return toPage(
      rows,
      input.limit,
      (row) => ({
        id: row.id,
        clientId: row.client_id,
        name: row.name,
        timeZone: row.time_zone,
        address: row.address,
        country: row.country,
        version: row.version,
      }),
      (row) => [row.name, row.id],
    );
  }
}
