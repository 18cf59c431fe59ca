import { createHmac, randomBytes } from 'node:crypto';

/** One page of a list, and the token of the next. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * Opaque page tokens, good only for the same question of the same account: a token that was made up, or taken to another list, is refused.
 */
export class Pages {
  readonly #secret = randomBytes(16);
  readonly #pageSize: number;

  /** `pageSize`: pages are never longer, whatever was asked; the services allow themselves to answer with less. */
  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  /** The page at a token; undefined where the token is not of this list. */
  page<T>(all: readonly T[], list: string, token: string | undefined, asked: number): Page<T> | undefined {
    const start = token === undefined ? 0 : this.#read(list, token);
    if (start === undefined) return undefined;
    const end = start + Math.min(asked, this.#pageSize);
    return { items: all.slice(start, end), next: end < all.length ? this.#issue(list, end) : undefined };
  }

  #issue(list: string, offset: number): string {
    return Buffer.from(`${offset}.${this.#seal(list, offset)}`).toString('base64url');
  }

  #read(list: string, token: string): number | undefined {
    const [offset = '', seal] = Buffer.from(token, 'base64url').toString().split('.');
    return /^\d+$/u.test(offset) && seal === this.#seal(list, Number(offset)) ? Number(offset) : undefined;
  }

  #seal(list: string, offset: number): string {
    return createHmac('sha256', this.#secret).update(`${list}\n${offset}`).digest('base64url');
  }
}
