/** One needle is at least as long as what it is found by. */
const PREFIX_BYTES = 4;

/**
 * Finds many byte strings in one pass, whatever their number: a connection with two hundred tenants knows thousands of forms of its tokens.
 * Needles are found by their first four bytes; of several that begin at the same place the longest counts.
 */
export class NeedleIndex {
  /** By prefix, then by length, the longest first; as Latin-1, which keeps every byte. */
  readonly #byPrefix = new Map<number, Map<number, Set<string>>>();
  readonly #mayBegin = new Uint8Array(65_536);

  /** Shorter needles than four bytes are not kept. */
  add(needle: Buffer): void {
    if (needle.length < PREFIX_BYTES) return;
    const prefix = needle.readUInt32LE(0);
    this.#mayBegin[filterOf(prefix)] = 1;
    const byLength = this.#byPrefix.get(prefix) ?? new Map<number, Set<string>>();
    const same = byLength.get(needle.length);
    if (same !== undefined) {
      same.add(needle.toString('latin1'));
      return;
    }
    const entries = [...byLength, [needle.length, new Set([needle.toString('latin1')])] as const];
    this.#byPrefix.set(prefix, new Map(entries.toSorted(([one], [other]) => other - one)));
  }

  /** The same bytes with every needle replaced; null where there is none. */
  replaceIn(bytes: Buffer, replacement: Buffer): Buffer | null {
    if (this.#byPrefix.size === 0) return null;
    const parts: Buffer[] = [];
    let from = 0;
    for (let at = 0; at + PREFIX_BYTES <= bytes.length; at += 1) {
      const length = this.#lengthAt(bytes, at);
      if (length === 0) continue;
      parts.push(bytes.subarray(from, at), replacement);
      from = at + length;
      at = from - 1;
    }
    return from === 0 ? null : Buffer.concat([...parts, bytes.subarray(from)]);
  }

  #lengthAt(bytes: Buffer, at: number): number {
    const prefix =
      ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>>
      0;
    if (this.#mayBegin[filterOf(prefix)] === 0) return 0;
    for (const [length, needles] of this.#byPrefix.get(prefix) ?? [])
      if (bytes.length - at >= length && needles.has(bytes.toString('latin1', at, at + length))) return length;
    return 0;
  }
}

/** Spreads four bytes over sixteen bits (Knuth's multiplicative hash, 2^32 divided by the golden ratio). */
function filterOf(prefix: number): number {
  return Math.imul(prefix, 0x9e37_79b1) >>> 16;
}
