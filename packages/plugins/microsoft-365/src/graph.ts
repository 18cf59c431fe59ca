import { type ConfigOf, type Context, type HttpOptions, paginate, VendorBug } from '@bailiwick/sdk';
import type { config } from './config.ts';

/** The context of every call of this plugin. */
export type GraphContext = Context<ConfigOf<typeof config>>;

/** One page of a list, as Graph sends it. */
export interface GraphPage<T> {
  readonly value?: readonly T[];
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
}

/** What Graph says when it refuses. */
export interface GraphError {
  readonly error?: { readonly code?: string; readonly message?: string };
}

/**
 * A link of Graph's, relative to `/v1.0/`. A link to anywhere else would take the tenant's token there.
 *
 * @throws VendorBug
 */
export function relativeLink(ctx: GraphContext, link: string): string {
  const base = new URL('v1.0/', ctx.config.graphUrl.replace(/\/*$/u, '/')).href;
  const address = URL.parse(link)?.href ?? '';
  if (address.startsWith(base)) return address.slice(base.length);
  throw new VendorBug('Microsoft Graph named a page outside itself.');
}

/** The members of a page. @throws VendorBug where it is no list */
export function itemsOf<T>(page: GraphPage<T>): readonly T[] {
  if (Array.isArray(page.value)) return page.value;
  throw new VendorBug('Microsoft Graph answered a list without "value".');
}

/** Every page of a list. */
export async function* listPages<T>(
  ctx: GraphContext,
  path: string,
  query: HttpOptions['query'] = {},
): AsyncGenerator<readonly T[]> {
  const pages = paginate(undefined, async (link: string | undefined) => {
    const page = await ctx.http.get<GraphPage<T>>(link ?? path, link === undefined ? { query } : {});
    const next = page['@odata.nextLink'];
    return { items: itemsOf(page), next: next === undefined ? undefined : relativeLink(ctx, next) };
  });
  for await (const { items } of pages) yield items;
}

/** A whole list that is known to be short. */
export async function listAll<T>(ctx: GraphContext, path: string, query: HttpOptions['query'] = {}): Promise<T[]> {
  const all: T[] = [];
  for await (const page of listPages<T>(ctx, path, query)) all.push(...page);
  return all;
}
