import { NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { SiteId, TenancyTables } from '#modules/tenancy';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

/** Throws `agreements.site-not-found` unless the site is this client's: the key would refuse it too, but only at commit and without a name. */
export async function assertSite(tx: AnyTransaction, clientId: ClientId, siteId: SiteId): Promise<void> {
  const site = await tx
    .typed<TenancyTables>()
    .query.selectFrom('site')
    .select('id')
    .where('id', '=', siteId)
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  if (site === undefined)
    throw new NotFoundError('agreements.site-not-found', 'This client has no such site.', {
      fields: [{ path: ['siteId'], message: 'is not a site of this client' }],
    });
}
