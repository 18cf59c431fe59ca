import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  headersOnly,
  MAX_FETCHED_BYTES,
  MailSourceError,
  newestOf,
  tooLarge,
  type FetchedMail,
  type MailSink,
  type MailSource,
  type SourceCheck,
} from './mail-source.ts';
import { VendorRefusal, type VendorHttp } from './vendor-http.ts';

export interface GraphOptions {
  readonly http: VendorHttp;
  readonly address: string;
  /** The folder's id or well-known name: `inbox`. */
  readonly folder: string;
  readonly afterwards: { readonly action: 'leave' | 'seen' | 'move'; readonly folder: string | null };
  readonly pollMs?: number;
}

/** `link` goes on where the last page ended. `told` are mails that are safe with us and that Graph does not know of yet. */
const cursorSchema = z.object({ link: z.string(), newestAt: z.string().nullable(), told: z.array(z.string()) });
type Cursor = z.output<typeof cursorSchema>;

const messageSchema = z.object({
  id: z.string(),
  receivedDateTime: z.string().optional(),
  '@removed': z.unknown().optional(),
});
const pageSchema = z.object({
  value: z.array(messageSchema),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});
const folderSchema = z.object({ id: z.string(), displayName: z.string() });
const headersSchema = z.object({
  internetMessageHeaders: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
});

const POLL_MS = 20_000;
/** When the link is too old, what is this much older than the newest known mail is looked at again. */
const OVERLAP = { hours: 48 };
/** Ids that stay when a mail is moved. */
const STABLE = { prefer: 'IdType="ImmutableId", odata.maxpagesize=50' };

/** Reads one folder through Microsoft Graph (v1.0): the delta query on messages, each mail as MIME (`$value`). */
export class GraphSource implements MailSource {
  readonly #options: GraphOptions;
  readonly #user: string;

  constructor(options: GraphOptions) {
    this.#options = options;
    this.#user = `users/${encodeURIComponent(options.address)}`;
  }

  async run(sink: MailSink, signal: AbortSignal): Promise<void> {
    const known = cursorSchema.safeParse(sink.cursor);
    let cursor: Cursor = known.success ? known.data : { link: this.#start(sink.since), newestAt: null, told: [] };
    try {
      await this.#tell(cursor.told, signal);
      while (!signal.aborted) {
        cursor = await this.#read(sink, cursor, signal);
        await sink.heard();
        await sleep(this.#options.pollMs ?? POLL_MS, undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async check(signal: AbortSignal): Promise<SourceCheck[]> {
    const { http, folder, afterwards, address } = this.#options;
    const wanted = [folder, ...(afterwards.action === 'move' && afterwards.folder !== null ? [afterwards.folder] : [])];
    const done: SourceCheck[] = [];
    try {
      for (const path of wanted) {
        const found = await http.json(this.#folder(path), folderSchema, signal);
        if (done.length === 0)
          done.push({ step: 'sign-in', isOk: true, message: `Microsoft lets us read ${address}.` });
        done.push({ step: 'folder', isOk: true, message: `The folder ${found.displayName} can be opened.` });
      }
    } catch (error) {
      if (!(error instanceof MailSourceError)) throw error;
      done.push({ step: error.step, isOk: false, message: error.message });
    }
    return done;
  }

  #folder(path: string): string {
    return `${this.#user}/mailFolders/${encodeURIComponent(path)}`;
  }

  #start(since: Temporal.Instant | null): string {
    const query = new URLSearchParams({ changeType: 'created', $select: 'id,receivedDateTime' });
    if (since !== null) query.set('$filter', `receivedDateTime ge ${since.round('second').toString()}`);
    return `${this.#folder(this.#options.folder)}/messages/delta?${query.toString()}`;
  }

  /** Page by page to the end; each page's mails and the link to the next are kept together. */
  async #read(sink: MailSink, from: Cursor, signal: AbortSignal): Promise<Cursor> {
    let cursor = from;
    for (;;) {
      const page = await this.#page(sink, cursor, signal);
      const mails: FetchedMail[] = [];
      for (const message of page.value) {
        if (message['@removed'] !== undefined) continue;
        const mail = await this.#fetch(message, signal);
        if (mail !== null) mails.push(mail);
      }
      const link = page['@odata.nextLink'] ?? page['@odata.deltaLink'];
      if (link === undefined) throw new MailSourceError('connection', 'Microsoft Graph gave no link to go on from.');
      const told =
        this.#options.afterwards.action === 'leave'
          ? []
          : mails.map((mail) => mail.transportKey.slice('graph:'.length));
      const isNew = mails.length > 0 || link !== cursor.link;
      cursor = { link, newestAt: newestOf(cursor.newestAt, mails), told };
      if (isNew) await sink.keep(mails, cursor);
      await this.#tell(told, signal);
      if (page['@odata.nextLink'] === undefined) return cursor;
    }
  }

  async #page(sink: MailSink, cursor: Cursor, signal: AbortSignal): Promise<z.output<typeof pageSchema>> {
    const { http } = this.#options;
    try {
      return await http.json(cursor.link, pageSchema, signal, { headers: STABLE });
    } catch (error) {
      // 410: the link is too old. What was read is known by its id and its bytes.
      if (!(error instanceof VendorRefusal) || error.status !== 410) throw error;
      const since = cursor.newestAt === null ? sink.since : Temporal.Instant.from(cursor.newestAt).subtract(OVERLAP);
      return http.json(this.#start(since), pageSchema, signal, { headers: STABLE });
    }
  }

  async #fetch(
    { id, receivedDateTime }: z.output<typeof messageSchema>,
    signal: AbortSignal,
  ): Promise<FetchedMail | null> {
    const { http } = this.#options;
    const receivedAt =
      receivedDateTime === undefined ? Temporal.Now.instant() : Temporal.Instant.from(receivedDateTime);
    const mail = { transportKey: `graph:${id}`, receivedAt };
    const path = `${this.#user}/messages/${encodeURIComponent(id)}`;
    try {
      const raw = await http.bytes(`${path}/$value`, signal, { maxBytes: MAX_FETCHED_BYTES, headers: STABLE });
      if (raw !== null) return { ...mail, raw };
      const { internetMessageHeaders } = await http.json(
        `${path}?$select=internetMessageHeaders`,
        headersSchema,
        signal,
        {
          headers: STABLE,
        },
      );
      return { ...mail, raw: headersOnly(internetMessageHeaders), incomplete: tooLarge(MAX_FETCHED_BYTES + 1) };
    } catch (error) {
      // Somebody removed it meanwhile.
      if (error instanceof VendorRefusal && error.status === 404) return null;
      throw error;
    }
  }

  async #tell(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const { http, afterwards } = this.#options;
    for (const id of ids) {
      const path = `${this.#user}/messages/${encodeURIComponent(id)}`;
      try {
        await http.bytes(path, signal, { method: 'PATCH', body: { isRead: true }, headers: STABLE });
        if (afterwards.action === 'move' && afterwards.folder !== null)
          await http.bytes(`${path}/move`, signal, {
            method: 'POST',
            body: { destinationId: afterwards.folder },
            headers: STABLE,
          });
      } catch (error) {
        if (!(error instanceof VendorRefusal) || error.status !== 404) throw error;
      }
    }
  }
}
