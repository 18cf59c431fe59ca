import { paginate, scopeOf, VendorBug, type ConfigOf, type Context } from '@bailiwick/sdk';
import type { config } from './connection.ts';

/** What every call of this plugin is given. */
export type NinjaContext = Context<ConfigOf<typeof config>>;

/** An object of the vendor, of which nothing is believed before it was looked at. */
export type Row = Readonly<Record<string, unknown>>;
type Pages = AsyncGenerator<readonly Row[]>;

const pageSize = 500;

/** Lists go on after the last id; a short page is the last. */
export async function* listAfter(ctx: NinjaContext, path: string): Pages {
  const pages = paginate(undefined, async (after: string | undefined) => {
    const items = rows(await ctx.http.get(path, { query: { pageSize, after } }));
    return { items, next: items.length < pageSize ? undefined : text(items.at(-1)?.['id']) };
  });
  for await (const { items } of pages) yield items;
}

/** Reports on one organisation go on with the name of a cursor, which stays the same from page to page. */
export async function* readReport(ctx: NinjaContext, name: string, filter: Readonly<Record<string, string>>): Pages {
  const query = { ...filter, df: `org = ${scopeOf(ctx).id}`, pageSize };
  for (let cursor: string | undefined; ;) {
    const page = row(await ctx.http.get(`queries/${name}`, { query: { ...query, cursor } }));
    const results = rows(page['results']);
    yield results;
    cursor = text(row(page['cursor'])['name']);
    if (results.length < pageSize || cursor === undefined) return;
  }
}

export function rows(value: unknown): readonly Row[] {
  if (!Array.isArray(value)) throw new VendorBug('NinjaOne answered something else where a list was asked for.');
  return value.map(row);
}

export const row = (value: unknown): Row => (typeof value === 'object' && value !== null ? { ...value } : {});

/** A text or number as one line, not longer than `max`; undefined where nothing is left. */
export function text(value: unknown, max = 200): string | undefined {
  const written = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return written.replaceAll(/\s+/gu, ' ').trim().slice(0, max).toWellFormed() || undefined;
}

/** The one of these words that the vendor writes, in whatever case. */
export const wordOf = <Word extends string>(words: readonly Word[], value: unknown): Word | undefined =>
  words.find((word) => word === text(value)?.toLowerCase());

/** NinjaOne writes times as seconds since 1970, with fractions. */
export const instant = (seconds: unknown): string | undefined =>
  typeof seconds === 'number' && seconds > 0
    ? Temporal.Instant.fromEpochMilliseconds(Math.round(seconds * 1000)).toString()
    : undefined;
