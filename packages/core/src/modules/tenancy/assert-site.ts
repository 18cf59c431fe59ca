import { NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { SiteId, TenancyTables } from './tenancy-table.ts';

/** Throws `tenancy.site-not-found` unless the site is this client's, or none: the key would refuse it too, but only at commit and without a name. */
export async function assertSite(tx: AnyTransaction, clientId: ClientId, siteId: SiteId | null): Promise<void> {
  if (siteId === null) return;
  const site = await tx
    .typed<TenancyTables>()
    .query.selectFrom('site')
    .select('id')
    .where('id', '=', siteId)
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  if (site === undefined)
    throw new NotFoundError('tenancy.site-not-found', 'There is no such site at this client.', {
      fields: [{ path: ['siteId'], message: 'is no site of this client' }],
    });
}
