import type { PublisherKey } from '@bailiwick/plugin-runtime';
import { z } from 'zod';
import type { BuiltPlugin } from '../build/build-plugin.ts';
import { bundleFileName, packPlugin } from '../build/pack-plugin.ts';
import { KitError, messageOf } from '../kit-error.ts';

/** Where builds go, and who sends them. */
export interface ConsoleParts {
  /** The server's address; https, or this machine. */
  readonly address: string;
  /** An API key that may manage plugins, read connections and have streams read. */
  readonly apiKey: string;
  /** Signs the builds. The server pins it with the first one, so nobody else can send another. */
  readonly key: PublisherKey;
  /** Also builds that ask for more than the running one. */
  readonly acceptsMore: boolean;
}

const ask = z.object({ key: z.string(), text: z.string() });
const received = z.object({ packageId: z.string() });
const preview = z.object({
  digest: z.string(),
  publisher: z.object({ name: z.string(), trust: z.string() }),
  asks: z.array(ask),
  update: z
    .object({ pluginId: z.string(), rowVersion: z.int(), isSameFile: z.boolean(), added: z.array(ask) })
    .nullable(),
});
const installed = z.object({ pluginId: z.string() });
const connections = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });
const started = z.object({ started: z.int() });
const problem = z.object({ detail: z.string().optional(), title: z.string().optional() });

/** Hands builds to a running Bailiwick by its API, as a person would upload and consent: nothing that a person could not do. */
export class ConsoleLink {
  readonly #parts: ConsoleParts;
  readonly #base: URL;

  /** @throws KitError where the address would send the key over an open line */
  constructor(parts: ConsoleParts) {
    this.#parts = parts;
    const url = URL.parse(parts.address);
    if (url === null) throw new KitError(`--console ${parts.address} is no address, such as http://localhost:8080.`);
    const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere)) {
      throw new KitError(
        `--console ${parts.address}: a server elsewhere is reached by https, because the API key goes along.`,
      );
    }
    this.#base = new URL('/api/v1/', url);
  }

  /**
   * Uploads a build, installs it or updates to it, and has the streams of its connections read.
   *
   * @returns what was done, in sentences
   * @throws KitError where the server refuses
   */
  async deliver(built: BuiltPlugin): Promise<readonly string[]> {
    const bytes = packPlugin(built, this.#parts.key);
    const { packageId } = await this.#send('plugin-packages', received, {
      body: Buffer.from(bytes),
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${bundleFileName(built)}"`,
      },
    });
    const { digest, publisher, update, asks } = await this.#get(`plugin-packages/${packageId}`, preview);
    if (publisher.trust === 'changed') {
      throw new KitError(
        `The server knows ${publisher.name} by another key: sign with that one (--key), or take another name.`,
      );
    }
    if (update === null) {
      const { pluginId } = await this.#send('plugins', installed, json({ packageId, digest }));
      return ['installed; it may:', ...asks.map(({ text }) => `  ${text}`), await this.#readNow(pluginId)];
    }
    if (!update.isSameFile) {
      if (update.added.length > 0 && !this.#parts.acceptsMore) {
        const added = update.added.map(({ text }) => `  ${text}`);
        return ['not updated: this build asks for more. Start dev with --accept to consent to:', ...added];
      }
      const { rowVersion } = update;
      const accepts = update.added.map(({ key }) => key);
      await this.#send(
        `plugins/${update.pluginId}/update`,
        z.unknown(),
        json({ rowVersion, packageId, digest, accepts }),
      );
    }
    return ['the console runs this build', await this.#readNow(update.pluginId)];
  }

  async #readNow(pluginId: string): Promise<string> {
    const { items } = await this.#get(`plugin-connections?pluginId=${pluginId}`, connections);
    if (items.length === 0) return `connect an account to see records: ${new URL('/', this.#base).href}plugins`;
    const counts = await Promise.all(
      items.map(({ id }) => this.#send('plugin-streams/read-now', started, json({ connectionId: id }))),
    );
    const sum = counts.reduce((total, one) => total + one.started, 0);
    return `${sum} streams of ${items.map(({ name }) => name).join(', ')} are read again`;
  }

  async #get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#ask(path, schema, { method: 'GET' });
  }

  async #send<T>(path: string, schema: z.ZodType<T>, init: RequestInit): Promise<T> {
    return this.#ask(path, schema, { ...init, method: 'POST' });
  }

  async #ask<T>(path: string, schema: z.ZodType<T>, init: RequestInit): Promise<T> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.#parts.apiKey}`);
    const url = new URL(path, this.#base);
    const response = await fetch(url, { ...init, headers, redirect: 'error' }).catch((error: unknown) => {
      throw new KitError(`${url.origin} does not answer: ${messageOf(error)}`, { cause: error });
    });
    const body: unknown = await response.json().catch(() => ({}));
    const read = schema.safeParse(body);
    if (response.ok && read.success) return read.data;
    const { detail, title } = problem.safeParse(body).data ?? {};
    const why = response.ok
      ? 'its answer is not what was expected: is it the same version?'
      : (detail ?? title ?? 'no reason given');
    throw new KitError(`${url.origin} answered ${response.status} to ${url.pathname}: ${why}`);
  }
}

function json(value: unknown): RequestInit {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}
