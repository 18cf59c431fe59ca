/** Cuts a stream of text into lines; both ends of the channel use it. */
export class Lines {
  readonly #maxLength: number;
  #pieces: string[] = [];
  #length = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The lines that `chunk` completes; null where one is longer than it may be. */
  push(chunk: string): string[] | null {
    const parts = chunk.split('\n');
    const rest = parts.pop() ?? '';
    const lines: string[] = [];
    for (const part of parts) {
      if (this.#length + part.length > this.#maxLength) return null;
      lines.push(this.#pieces.join('') + part);
      this.#pieces = [];
      this.#length = 0;
    }
    this.#length += rest.length;
    if (this.#length > this.#maxLength) return null;
    if (rest !== '') this.#pieces.push(rest);
    return lines;
  }
}
