import { once } from 'node:events';
import { isIP } from 'node:net';
import { ImapFlow, type FetchMessageObject } from 'imapflow';
import { z } from 'zod';
import type { HostGuard } from './host-guard.ts';
import { imapFailure } from './imap-failure.ts';
import {
  batches,
  MAX_FETCHED_BYTES,
  MailSourceError,
  newestOf,
  tooLarge,
  type FetchedMail,
  type MailSink,
  type MailSource,
  type SourceCheck,
} from './mail-source.ts';
import type { AccessTokens } from './oauth-grant.ts';
import { OwnFailures } from './own-failures.ts';

export interface ImapOptions {
  readonly host: string;
  readonly port: number;
  /** `none` is for private networks only: a password would be readable on its way. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user: string;
  readonly signIn: { readonly password: string } | { readonly tokens: AccessTokens };
  readonly folder: string;
  readonly afterwards: { readonly action: 'leave' | 'seen' | 'move'; readonly folder: string | null };
  readonly guard: HostGuard;
  /** Authorities besides the public ones, for tests. */
  readonly ca?: readonly string[];
}

/** How far the folder was read. `told` are mails that are safe with us and that the server does not know of yet. */
const cursorSchema = z.object({
  uidValidity: z.string(),
  lastUid: z.number(),
  newestAt: z.string().nullable(),
  told: z.array(z.number()),
});
type Cursor = z.output<typeof cursorSchema>;

/** What we must learn of a mail before we ask for it. */
interface Listed {
  readonly uid: number;
  readonly size: number;
  readonly receivedAt: Temporal.Instant;
}

/** A connection that sits still is asked anyway: RFC 2177 has IDLE begun anew every 29 minutes, and some firewalls forget sooner. */
const IDLE_MS = 4 * 60_000;
/** After the folder's numbering changed, mails this much older than the newest known one are looked at again; their bytes tell which are known. */
const OVERLAP = { hours: 48 };
const TIMEOUTS = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 6 * 60_000 };

/** Reads one folder of a mailbox by IMAP4rev1 (RFC 3501) with IDLE, each mail by its UID, in order. */
export class ImapSource implements MailSource {
  readonly #options: ImapOptions;

  constructor(options: ImapOptions) {
    this.#options = options;
  }

  async run(sink: MailSink, signal: AbortSignal): Promise<void> {
    const own = new OwnFailures(sink);
    try {
      await this.#run(own, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw own.last === error ? error : imapFailure(error, this.#options);
    }
  }

  async #run(sink: MailSink, signal: AbortSignal): Promise<void> {
    await using connection = await this.#connect(signal);
    const { client } = connection;
    // Heard from before the first look, so that what comes while we look is not missed.
    let isNewsKnown = false;
    client.on('exists', () => (isNewsKnown = true));
    let cursor = await this.#open(client, sink);
    while (!signal.aborted) {
      isNewsKnown = false;
      cursor = await this.#read(client, sink, cursor, signal);
      await sink.heard();
      if (!isNewsKnown && !signal.aborted) await idle(client, signal);
      if (!client.usable && !signal.aborted)
        throw new MailSourceError('connection', `${this.#options.host} ended the connection.`);
    }
  }

  async check(signal: AbortSignal): Promise<SourceCheck[]> {
    const { host, folder, afterwards } = this.#options;
    const done: SourceCheck[] = [];
    const ok = (step: SourceCheck['step'], message: string): void => void done.push({ step, isOk: true, message });
    try {
      await this.#options.guard.pin(host);
      ok('address', `${host} was found.`);
      await using connection = await this.#connect(signal);
      ok('connection', `${host} answers on port ${this.#options.port}.`);
      ok(
        'encryption',
        this.#options.security === 'none' ? 'Not encrypted, as set.' : 'Encrypted; the certificate holds.',
      );
      ok('sign-in', `Signed in as ${this.#options.user}.`);
      const wanted = [
        folder,
        ...(afterwards.action === 'move' && afterwards.folder !== null ? [afterwards.folder] : []),
      ];
      for (const path of wanted) await openFolder(connection.client, path);
      ok('folder', `${wanted.join(' and ')} can be opened.`);
    } catch (error) {
      const { step, message } = imapFailure(error, this.#options);
      done.push({ step, isOk: false, message });
    }
    return done;
  }

  async #connect(signal: AbortSignal): Promise<{ client: ImapFlow } & AsyncDisposable> {
    const { host, port, security, user, signIn, guard, ca } = this.#options;
    const { address, isPrivate } = await guard.pin(host);
    if (security === 'none' && !isPrivate)
      throw new MailSourceError('encryption', 'Without encryption only a server on a private network is read.');
    const auth =
      'password' in signIn ? { user, pass: signIn.password } : { user, accessToken: await signIn.tokens.get(signal) };
    const client = new ImapFlow({
      // The address that was checked; the certificate is still held against the name.
      host: address,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      port,
      secure: security === 'tls',
      doSTARTTLS: security === 'starttls',
      auth,
      tls: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [...ca] }) },
      logger: false,
      disableAutoIdle: true,
      maxLiteralSize: MAX_FETCHED_BYTES + 1024 * 1024,
      ...TIMEOUTS,
    });
    // The failure itself comes out of whatever was waiting; without a listener it would end the process.
    client.on('error', () => {});
    const close = (): void => client.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      await client.connect();
    } catch (error) {
      if ('tokens' in signIn) signIn.tokens.forget();
      client.close();
      throw error;
    }
    return {
      client,
      async [Symbol.asyncDispose]() {
        signal.removeEventListener('abort', close);
        client.close();
      },
    };
  }

  /** Opens the folder and says from where to read; finishes first what a stop left undone. */
  async #open(client: ImapFlow, sink: MailSink): Promise<Cursor> {
    const { uidValidity } = await openFolder(client, this.#options.folder);
    const parsed = cursorSchema.safeParse(sink.cursor);
    const known = parsed.success ? parsed.data : null;
    if (known === null) return { uidValidity: String(uidValidity), lastUid: 0, newestAt: null, told: [] };
    if (known.uidValidity !== String(uidValidity))
      return { uidValidity: String(uidValidity), lastUid: 0, newestAt: known.newestAt, told: [] };
    if (known.told.length > 0) await this.#tell(client, known.told);
    return { ...known, told: [] };
  }

  async #read(client: ImapFlow, sink: MailSink, from: Cursor, signal: AbortSignal): Promise<Cursor> {
    let cursor = from;
    const { listed, highestUid } = await this.#list(client, sink, from);
    for (const batch of batches(listed, ({ size }) => Math.min(size, MAX_FETCHED_BYTES))) {
      if (signal.aborted) return cursor;
      const mails: FetchedMail[] = [];
      for (const listed of batch) {
        const mail = await this.#fetch(client, cursor.uidValidity, listed);
        if (mail !== null) mails.push(mail);
      }
      const uids = batch.map(({ uid }) => uid);
      const told = this.#options.afterwards.action === 'leave' ? [] : uids;
      cursor = { ...cursor, lastUid: uids.at(-1) ?? cursor.lastUid, newestAt: newestOf(cursor.newestAt, batch), told };
      await sink.keep(mails, cursor);
      if (told.length > 0) await this.#tell(client, told);
    }
    // What does not count is passed for good, so that the next connection need not look at all of it again.
    if (highestUid > cursor.lastUid) {
      cursor = { ...cursor, lastUid: highestUid, told: [] };
      await sink.keep([], cursor);
    }
    return cursor;
  }

  /** What is there after the last UID, in order. */
  async #list(
    client: ImapFlow,
    sink: MailSink,
    { lastUid, newestAt }: Cursor,
  ): Promise<{ listed: Listed[]; highestUid: number }> {
    const since =
      lastUid > 0 ? null : newestAt === null ? sink.since : Temporal.Instant.from(newestAt).subtract(OVERLAP);
    const listed: Listed[] = [];
    let highestUid = lastUid;
    const range = `${lastUid + 1}:*`;
    for await (const message of client.fetch(range, { uid: true, size: true, internalDate: true }, { uid: true })) {
      const receivedAt = instantOf(message.internalDate);
      // `n:*` answers with the last mail even where it lies before n.
      if (message.uid <= lastUid) continue;
      highestUid = Math.max(highestUid, message.uid);
      if (since !== null && Temporal.Instant.compare(receivedAt, since) < 0) continue;
      listed.push({ uid: message.uid, size: message.size ?? 0, receivedAt });
    }
    return { listed: listed.toSorted((a, b) => a.uid - b.uid), highestUid };
  }

  /** The mail, or its headers where it is too large; null where somebody removed it meanwhile. */
  async #fetch(client: ImapFlow, uidValidity: string, { uid, size, receivedAt }: Listed): Promise<FetchedMail | null> {
    const isTooLarge = size > MAX_FETCHED_BYTES;
    const query = isTooLarge ? { uid: true, headers: true } : { uid: true, source: true };
    const message: FetchMessageObject | false | undefined = await client.fetchOne(String(uid), query, { uid: true });
    const raw = message === false || message === undefined ? undefined : isTooLarge ? message.headers : message.source;
    if (raw === undefined) {
      if (!client.usable) throw new MailSourceError('connection', `${this.#options.host} ended the connection.`);
      return null;
    }
    const mail = { transportKey: `imap:${uidValidity}:${uid}`, raw, receivedAt };
    return isTooLarge ? { ...mail, incomplete: tooLarge(size) } : mail;
  }

  /** Marks or moves mails that are safe with us. */
  async #tell(client: ImapFlow, uids: readonly number[]): Promise<void> {
    const { action, folder } = this.#options.afterwards;
    if (action === 'leave' || uids.length === 0) return;
    const range = uids.join(',');
    await client.messageFlagsAdd(range, ['\\Seen'], { uid: true });
    if (action !== 'move' || folder === null) return;
    const moved = await client.messageMove(range, folder, { uid: true });
    if (moved === false) throw new MailSourceError('folder', `Mails cannot be moved to the folder ${folder}.`);
  }
}

async function openFolder(client: ImapFlow, path: string) {
  try {
    return await client.mailboxOpen(path);
  } catch (error) {
    if (!client.usable) throw error;
    const names = (await client.list()).map((folder) => folder.path).slice(0, 20);
    throw new MailSourceError('folder', `There is no folder ${path}. There are: ${names.join(', ')}.`, {
      cause: error,
    });
  }
}

/** Waits until the server says that something came, ends the connection, or a while has passed. */
async function idle(client: ImapFlow, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const until = { signal: AbortSignal.any([signal, over.signal]) };
  const timer = setTimeout(() => over.abort(), IDLE_MS);
  try {
    const news = [once(client, 'exists', until), once(client, 'close', until)];
    const idling = client.idle().then(() => once(client, 'close', until));
    await Promise.race([...news, idling.catch(() => {})]).catch(() => {});
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** The client gives text where the server's date is none. */
function instantOf(date: NonNullable<FetchMessageObject['internalDate']> | undefined): Temporal.Instant {
  if (date === undefined || typeof date === 'string' || Number.isNaN(date.valueOf())) return Temporal.Now.instant();
  return date.toTemporalInstant();
}
