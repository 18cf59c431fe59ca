/** Everything that a plugin let out of its sandbox, as texts, with what it was. */
export class Outputs {
  readonly #texts = new Map<string, Set<string>>();

  /** @param what such as `a log line of check` */
  add(what: string, value: unknown): void {
    const texts = this.#texts.get(what) ?? new Set();
    texts.add(typeof value === 'string' ? value : JSON.stringify(value ?? null));
    this.#texts.set(what, texts);
  }

  /** Which of them hold what must not be there. */
  *holding(isForbidden: (text: string) => boolean): Iterable<string> {
    for (const [what, texts] of this.#texts) if ([...texts].some(isForbidden)) yield what;
  }
}
