import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  headersOnly,
  MAX_BATCH_MAILS,
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

export interface GmailOptions {
  readonly http: VendorHttp;
  /** The label's id: `INBOX`. */
  readonly label: string;
  readonly afterwards: { readonly action: 'leave' | 'seen' | 'move'; readonly folder: string | null };
  readonly pollMs?: number;
}

/** `historyId`: everything up to there was seen. `told` are mails that are safe with us and that Gmail does not know of yet. */
const cursorSchema = z.object({ historyId: z.string(), newestAt: z.string().nullable(), told: z.array(z.string()) });
type Cursor = z.output<typeof cursorSchema>;

const profileSchema = z.object({ emailAddress: z.string(), historyId: z.coerce.string() });
const ids = z.array(z.object({ id: z.string() })).default([]);
const listSchema = z.object({ messages: ids, nextPageToken: z.string().optional() });
const historySchema = z.object({
  history: z
    .array(z.object({ messagesAdded: z.array(z.object({ message: z.object({ id: z.string() }) })).default([]) }))
    .default([]),
  historyId: z.coerce.string(),
  nextPageToken: z.string().optional(),
});
const rawSchema = z.object({ raw: z.string(), internalDate: z.string() });
const metadataSchema = z.object({
  internalDate: z.string(),
  payload: z.object({ headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]) }),
});
const labelSchema = z.object({ id: z.string(), name: z.string() });

const POLL_MS = 20_000;
const OVERLAP = { hours: 48 };
/** Base64 in JSON. */
const MAX_ANSWER_BYTES = Math.ceil((MAX_FETCHED_BYTES * 4) / 3) + 100_000;

/** Reads one label through the Gmail API (v1): the mailbox's history, each mail as RFC 5322 (`format=raw`). */
export class GmailSource implements MailSource {
  readonly #options: GmailOptions;

  constructor(options: GmailOptions) {
    this.#options = options;
  }

  async run(sink: MailSink, signal: AbortSignal): Promise<void> {
    const known = cursorSchema.safeParse(sink.cursor);
    try {
      let cursor = known.success ? known.data : await this.#list(sink, sink.since, null, signal);
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
    const { http, label, afterwards } = this.#options;
    const wanted = [label, ...(afterwards.action === 'move' && afterwards.folder !== null ? [afterwards.folder] : [])];
    const done: SourceCheck[] = [];
    try {
      const { emailAddress } = await http.json('users/me/profile', profileSchema, signal);
      done.push({ step: 'sign-in', isOk: true, message: `Google lets us read ${emailAddress}.` });
      for (const id of wanted) {
        const { name } = await http.json(`users/me/labels/${encodeURIComponent(id)}`, labelSchema, signal);
        done.push({ step: 'folder', isOk: true, message: `The label ${name} is there.` });
      }
    } catch (error) {
      if (!(error instanceof MailSourceError)) throw error;
      done.push({ step: error.step, isOk: false, message: error.message });
    }
    return done;
  }

  /** What is there, from `since` on. The history is read from before the list, so that what comes meanwhile is met again rather than missed. */
  async #list(
    sink: MailSink,
    since: Temporal.Instant | null,
    newestAt: string | null,
    signal: AbortSignal,
  ): Promise<Cursor> {
    const { http, label } = this.#options;
    const { historyId } = await http.json('users/me/profile', profileSchema, signal);
    const found: string[] = [];
    for (let pageToken: string | undefined; ;) {
      const query = new URLSearchParams({ labelIds: label, maxResults: '500' });
      if (since !== null) query.set('q', `after:${Math.floor(since.epochMilliseconds / 1000)}`);
      if (pageToken !== undefined) query.set('pageToken', pageToken);
      const page = await http.json(`users/me/messages?${query.toString()}`, listSchema, signal);
      found.push(...page.messages.map(({ id }) => id));
      pageToken = page.nextPageToken;
      if (pageToken === undefined) break;
    }
    // Newest first as they are answered. Until the last batch is kept there is no place to go on from: a stop begins the list anew.
    return this.#keepAll(sink, found.toReversed(), { historyId, newestAt, told: [] }, signal);
  }

  async #read(sink: MailSink, cursor: Cursor, signal: AbortSignal): Promise<Cursor> {
    const { http, label } = this.#options;
    const added = new Set<string>();
    let historyId = cursor.historyId;
    try {
      for (let pageToken: string | undefined; ;) {
        const query = new URLSearchParams({
          startHistoryId: cursor.historyId,
          historyTypes: 'messageAdded',
          labelId: label,
          maxResults: '500',
        });
        if (pageToken !== undefined) query.set('pageToken', pageToken);
        const page = await http.json(`users/me/history?${query.toString()}`, historySchema, signal);
        for (const { messagesAdded } of page.history) for (const { message } of messagesAdded) added.add(message.id);
        historyId = page.historyId;
        pageToken = page.nextPageToken;
        if (pageToken === undefined) break;
      }
    } catch (error) {
      // 404: the history does not reach back so far any more.
      if (!(error instanceof VendorRefusal) || error.status !== 404) throw error;
      const since = cursor.newestAt === null ? sink.since : Temporal.Instant.from(cursor.newestAt).subtract(OVERLAP);
      return this.#list(sink, since, cursor.newestAt, signal);
    }
    if (added.size === 0 && historyId === cursor.historyId) return cursor;
    return this.#keepAll(sink, [...added], { ...cursor, historyId, told: [] }, signal, cursor.historyId);
  }

  /** Only the last batch moves the history on: whatever stops before is read again, and known by its id. */
  async #keepAll(
    sink: MailSink,
    found: readonly string[],
    end: Cursor,
    signal: AbortSignal,
    before?: string,
  ): Promise<Cursor> {
    let { newestAt } = end;
    for (let from = 0; from < found.length || from === 0; from += MAX_BATCH_MAILS) {
      const batch = found.slice(from, from + MAX_BATCH_MAILS);
      const mails: FetchedMail[] = [];
      for (const id of batch) {
        const mail = await this.#fetch(id, signal);
        if (mail !== null) mails.push(mail);
      }
      newestAt = newestOf(newestAt, mails);
      const told = this.#options.afterwards.action === 'leave' ? [] : batch;
      const historyId = from + MAX_BATCH_MAILS >= found.length ? end.historyId : before;
      await sink.keep(mails, historyId === undefined ? {} : { historyId, newestAt, told });
      await this.#tell(told, signal);
    }
    return { ...end, newestAt };
  }

  async #fetch(id: string, signal: AbortSignal): Promise<FetchedMail | null> {
    const { http } = this.#options;
    const path = `users/me/messages/${encodeURIComponent(id)}`;
    const mail = { transportKey: `gmail:${id}` };
    try {
      const bytes = await http.bytes(`${path}?format=raw`, signal, { maxBytes: MAX_ANSWER_BYTES });
      const answer = bytes === null ? null : rawSchema.parse(JSON.parse(bytes.toString()));
      const raw = answer === null ? null : Buffer.from(answer.raw, 'base64url');
      if (answer !== null && raw !== null && raw.byteLength <= MAX_FETCHED_BYTES)
        return { ...mail, raw, receivedAt: instantOf(answer.internalDate) };
      const { internalDate, payload } = await http.json(`${path}?format=metadata`, metadataSchema, signal);
      return {
        ...mail,
        raw: headersOnly(payload.headers),
        receivedAt: instantOf(internalDate),
        incomplete: tooLarge(MAX_FETCHED_BYTES + 1),
      };
    } catch (error) {
      if (error instanceof VendorRefusal && error.status === 404) return null;
      throw error;
    }
  }

  async #tell(told: readonly string[], signal: AbortSignal): Promise<void> {
    const { http, afterwards, label } = this.#options;
    if (told.length === 0 || afterwards.action === 'leave') return;
    const isMoved = afterwards.action === 'move' && afterwards.folder !== null;
    await http.bytes('users/me/messages/batchModify', signal, {
      method: 'POST',
      body: {
        ids: told,
        addLabelIds: isMoved ? [afterwards.folder] : [],
        removeLabelIds: isMoved ? ['UNREAD', label] : ['UNREAD'],
      },
    });
  }
}

function instantOf(milliseconds: string): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Number(milliseconds));
}
