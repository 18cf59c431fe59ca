import type { Page } from 'playwright-core';
import { query } from './call-api.ts';

/** Where a record is found that stands for a parameter of a route: the procedure of its list, and the field that the address holds. */
const SAMPLES: Readonly<
  Record<string, { readonly procedure: string; readonly field: string; readonly input?: object }>
> = {
  '/tickets/:number': { procedure: 'tickets.listTickets', field: 'number' },
  '/knowledge/:articleId': { procedure: 'knowledge.listArticles', field: 'id' },
  '/portal/knowledge/:articleId': { procedure: 'knowledge.listPortalArticles', field: 'id' },
  '/assets/:assetId': { procedure: 'assets.listAssets', field: 'id' },
  '/clients/:clientId': { procedure: 'tenancy.listClients', field: 'id' },
  '/portal/requests/:id': { procedure: 'tickets.listPortalTickets', field: 'id' },
  '/portal/invoices/:id': { procedure: 'billing.listInvoices', field: 'id' },
  '/billing/invoices/:invoiceId': { procedure: 'billing.listInvoices', field: 'id' },
  '/plugins/:pluginId': { procedure: 'plugins.listPlugins', field: 'id' },
  '/plugins/:pluginId/connect': { procedure: 'plugins.listPlugins', field: 'id' },
  '/connections/:connectionId': { procedure: 'plugin-host.listConnections', field: 'id' },
  '/billing/:invoiceId': { procedure: 'billing.listInvoices', field: 'id' },
};

/**
 * The address of a real record for a route with a parameter, as whoever is signed in on the page may read it; the path itself where it has none. Null where there
 * is no such record. Throws for a route that nothing stands for.
 */
export async function samplePath(page: Page, path: string): Promise<string | null> {
  if (!path.includes(':')) return path;
  const sample = SAMPLES[path];
  if (sample === undefined) throw new Error(`Say in test/support/sample-path.ts which record ${path} shows.`);
  const [first] = await listRecords(page, sample.procedure, sample.input ?? {});
  return first === undefined ? null : path.replace(/:\w+/, String(first[sample.field]));
}

/** The first page of a list, asked for with the cookies of a page. */
export async function listRecords(page: Page, procedure: string, input: object): Promise<Record<string, unknown>[]> {
  return (await query<{ items: Record<string, unknown>[] }>(page, procedure, input)).items;
}
