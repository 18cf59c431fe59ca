/** Words that say what a company is in law, not which; from the registers of the countries in which MSPs most often work. */
const LEGAL_FORMS: ReadonlySet<string> = new Set(
  'ab ag aps as asa bv bvba co company corp corporation eg ev gbr gmbh group holding holdings inc incorporated kft kg kgaa limited llc llp lp ltd mbh nv oy oyj plc pty sa sarl sas se sl sp spa srl sro the und and'.split(
    ' ',
  ),
);

/** A company's name as it is compared: no case, no accents, no punctuation, no legal form. `Hartley & Söhne GmbH` → `hartley sohne`. */
export function comparableName(name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    // Forms with points, such as G.m.b.H. and Inc., become one word.
    .replaceAll(/(?<=\b\p{L})\.(?=\p{L}\b)/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const kept = words.filter((word) => !LEGAL_FORMS.has(word));
  return (kept.length > 0 ? kept : words).join(' ');
}

/** The three-letter pieces of a text, its words padded as in PostgreSQL's pg_trgm: two spaces before, one after. */
export function trigrams(text: string): Set<string> {
  const pieces = new Set<string>();
  for (const word of text.split(' ')) {
    const padded = `  ${word} `;
    for (let at = 0; at + 3 <= padded.length; at += 1) pieces.add(padded.slice(at, at + 3));
  }
  return pieces;
}

/** A name that is like another, 1 being equal. */
export interface NameMatch<Id> {
  readonly id: Id;
  readonly name: string;
  readonly similarity: number;
}

/** Finds names that are alike (shared trigrams over all trigrams of both), without comparing each with each. */
export class NameIndex<Id> {
  readonly #entries: { id: Id; name: string; size: number }[] = [];
  readonly #byPiece = new Map<string, number[]>();

  add(id: Id, name: string): void {
    const pieces = trigrams(comparableName(name));
    const at = this.#entries.push({ id, name, size: pieces.size }) - 1;
    for (const piece of pieces) {
      const known = this.#byPiece.get(piece);
      if (known === undefined) this.#byPiece.set(piece, [at]);
      else known.push(at);
    }
  }

  /** Names at least as alike as `least`, the most alike first. */
  like(name: string, least: number): NameMatch<Id>[] {
    const pieces = trigrams(comparableName(name));
    const shared = new Map<number, number>();
    for (const piece of pieces)
      for (const at of this.#byPiece.get(piece) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1);
    const matches: NameMatch<Id>[] = [];
    for (const [at, count] of shared) {
      const entry = this.#entries[at];
      if (entry === undefined) continue;
      const similarity = count / (pieces.size + entry.size - count);
      if (similarity >= least) matches.push({ id: entry.id, name: entry.name, similarity });
    }
    return matches.toSorted((a, b) => b.similarity - a.similarity);
  }
}
