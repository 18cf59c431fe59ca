import { z } from 'zod';
import { InvalidInputError } from './errors.ts';

/** One page of a list in keyset order. `nextCursor` is null on the last page. */
export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

const MAX_PAGE_SIZE = 200;

/** The fields that every list operation takes. */
export const pageInput = {
  limit: z.coerce
    .number()
    .int()
    .min(1, { error: 'must be at least 1' })
    .max(MAX_PAGE_SIZE, { error: `must be at most ${MAX_PAGE_SIZE}` })
    .default(50),
  cursor: z.string().max(500).optional(),
};

/** The schema of a page of items. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** A sort key: the ordered values of the last row, the row's id last, so that no two rows share one. */
export type Keyset = readonly (string | number | null)[];

export function encodeCursor(keyset: Keyset): string {
  return Buffer.from(JSON.stringify(keyset)).toString('base64url');
}

const keysetSchema = z.array(z.union([z.string().max(300), z.number(), z.null()])).max(5);

/** Reads a cursor of `length` values. Throws `page.bad-cursor`: a cursor is ours, but comes back from outside. */
export function decodeCursor(cursor: string, length: number): Keyset {
  try {
    const keyset = keysetSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (
      keyset.length === length &&
      keyset.every((value) => typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0')))
    )
      return keyset;
  } catch {
    // Falls through to the one error that a caller sees.
  }
  throw new InvalidInputError('page.bad-cursor', 'The cursor is not one that this list gave.', {
    fields: [{ path: ['cursor'], message: 'is not a cursor of this list' }],
  });
}

/** Cuts `limit + 1` fetched rows to a page; the extra row only tells that there is more. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  keysetOf: (row: Row) => Keyset,
): Page<Item> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    items: kept.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keysetOf(last)) : null,
  };
}
