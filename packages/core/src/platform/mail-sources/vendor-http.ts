import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { MailSourceError } from './mail-source.ts';
import type { AccessTokens } from './oauth-grant.ts';

/** What a vendor's API answered when it was not content. */
export class VendorRefusal extends MailSourceError {
  readonly status: number;

  constructor(status: number, message: string) {
    super(status === 401 || status === 403 ? 'sign-in' : status === 404 ? 'folder' : 'connection', message);
    this.status = status;
  }
}

interface Request {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** More than this is cut off, and answered as null. */
  readonly maxBytes?: number;
}

const TIMEOUT_MS = 60_000;
const MAX_JSON_BYTES = 32 * 1024 * 1024;
/** A vendor that says when to come back is believed up to this. */
const MAX_WAIT_SECONDS = 120;
const MAX_TRIES = 4;
/** Graph and Google both put an error's words here. */
const problemSchema = z.object({ error: z.object({ message: z.string() }) });

/** Requests to one vendor's API: bearer token, waiting when told to (429, 503), one fresh token after a 401. Never leaves the vendor's origin. */
export class VendorHttp {
  readonly #base: URL;
  readonly #tokens: AccessTokens;

  constructor(options: { base: string; tokens: AccessTokens }) {
    this.#base = new URL(`${options.base}/`);
    this.#tokens = options.tokens;
  }

  /** The answer as JSON, checked. `path` is relative, or a link that the vendor gave. */
  async json<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    signal: AbortSignal,
    request: Request = {},
  ): Promise<z.output<Schema>> {
    const bytes = await this.bytes(path, signal, { maxBytes: MAX_JSON_BYTES, ...request });
    const answer = schema.safeParse(bytes === null ? null : parse(bytes));
    if (answer.success) return answer.data;
    throw new MailSourceError('connection', `${this.#base.host} answered with something unexpected.`, {
      cause: answer.error,
    });
  }

  /** The answer as it is; null where it is larger than allowed. Throws `VendorRefusal`. */
  async bytes(path: string, signal: AbortSignal, request: Request = {}): Promise<Buffer | null> {
    const url = new URL(path, this.#base);
    if (url.origin !== this.#base.origin)
      throw new MailSourceError('connection', `${this.#base.host} gave a link to ${url.host}, which is not followed.`);
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#send(url, signal, request);
      if (response.ok) return readUpTo(response, request.maxBytes ?? MAX_JSON_BYTES);
      const words = problemSchema.safeParse(parse((await readUpTo(response, 100_000)) ?? Buffer.alloc(0)));
      if (response.status === 401 && attempt === 1) {
        this.#tokens.forget();
        continue;
      }
      if ((response.status === 429 || response.status === 503) && attempt < MAX_TRIES) {
        const seconds = Number(response.headers.get('retry-after') ?? '') || 2 ** attempt;
        await sleep(Math.min(seconds, MAX_WAIT_SECONDS) * 1000, undefined, { signal });
        continue;
      }
      const said = words.success ? words.data.error.message.slice(0, 300) : `status ${response.status}`;
      throw new VendorRefusal(response.status, `${this.#base.host} refused: ${said}`);
    }
  }

  async #send(url: URL, signal: AbortSignal, { method, headers, body }: Request): Promise<Response> {
    const token = await this.#tokens.get(signal);
    try {
      return await fetch(url, {
        method: method ?? 'GET',
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new MailSourceError('connection', `${url.host} did not answer.`, { cause });
    }
  }
}

async function readUpTo(response: Response, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early ends the connection, so that what is too large is not read to its end.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}
