import { VendorBug } from './errors.ts';

/** One page, and where the next one is: undefined after the last. */
export interface Page<Item, Next> {
  readonly items: readonly Item[];
  readonly next: Next | undefined;
}

/**
 * Walks pages. A page that names itself, or one before it, as the next is the vendor's bug: it would never end.
 *
 * @param start where to begin; undefined is the first page
 * @param load reads one page
 * @throws VendorBug where a page repeats
 * @example
 * for await (const page of paginate(undefined, async (after: string | undefined) => {
 *   const body = await ctx.http.get<{ items: Item[]; nextCursor?: string }>('devices', { query: { after } });
 *   return { items: body.items, next: body.nextCursor };
 * })) yield { upserts: page.items.map(toDevice), cursor: page.next ?? null };
 */
export async function* paginate<Item, Next extends string | number>(
  start: Next | undefined,
  load: (at: Next | undefined) => Promise<Page<Item, Next>>,
): AsyncGenerator<Page<Item, Next>> {
  const seen = new Set<Next | undefined>([start]);
  let at = start;
  for (;;) {
    // Each page says where the next one is.
    // oxlint-disable-next-line no-await-in-loop
    const page = await load(at);
    yield page;
    at = page.next;
    if (at === undefined) return;
    if (seen.has(at)) throw new VendorBug('A page of the list names an earlier page as the next one.');
    seen.add(at);
  }
}
