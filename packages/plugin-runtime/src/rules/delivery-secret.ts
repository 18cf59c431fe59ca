import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares by digests, so that the time says nothing, not even the length. */
export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** What most deliveries hold in one list. */
const MAX_FOUND = 10_000;

/** Every value at a JSON pointer (RFC 6901) in which `*` stands for each member of a list. A member without the place counts as undefined. */
export function pointedAt(json: unknown, pointer: string): readonly unknown[] {
  let found: unknown[] = [json];
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found = found.flatMap((value) => {
      if (key === '*') return Array.isArray(value) ? value.slice(0, MAX_FOUND + 1) : [undefined];
      return [
        typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
      ];
    });
    if (found.length > MAX_FOUND) return [undefined];
  }
  return found;
}
