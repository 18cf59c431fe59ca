import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { isInNetwork } from '@bailiwick/plugin-runtime';
import { SMTPServer, type SMTPServerAddress, type SMTPServerSession } from 'smtp-server';
import { WindowLimiter } from '#entry/http/request-limiter';
import type { Clock } from '#kernel/clock';
import { RateLimitedError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import type { Logger } from '#platform/log';
import type { MailDoorNeeds, MailRoute } from './mail-needs.ts';
import { makeMailScope } from './mail-scope.ts';

export interface SmtpListenerOptions {
  readonly host: string;
  readonly port: number;
  /** Addresses and networks that may hand us mail; nobody else is spoken to. */
  readonly relays: readonly string[];
  /** PEM; with both STARTTLS is offered. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** A mail of more bytes is refused. */
  readonly maxBytes: number;
  readonly needs: MailDoorNeeds;
  readonly clock: Clock;
  readonly log: Logger;
}

/** RFC 5321 §4.5.3.1.8 wants a hundred taken; a mail to more is no mail to a service desk, and is refused whole. */
const MAX_RECIPIENTS = 100;
const MAILS_A_MINUTE = 1200;
const MAX_CLIENTS = 100;
/** Mails that arrive at once stand in memory until they are stored. */
const MAX_BYTES_AT_ONCE = 256 * 1024 * 1024;

/** A refusal as SMTP says it: 4yz has the relay try again, 5yz has it tell the sender. */
class SmtpRefusal extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, text: string) {
    super(text);
    this.responseCode = responseCode;
  }
}

/** Takes mail from relays. What is answered with 250 is stored; everything that may pass is answered with 4yz, so that the relay keeps the mail. */
export class SmtpListener {
  readonly #options: SmtpListenerOptions;
  readonly #server: SMTPServer;
  readonly #limiter: WindowLimiter;
  /** Where the recipients of each session's mail lead. */
  readonly #routes = new WeakMap<SMTPServerSession, Map<string, MailRoute>>();
  /** Sessions whose mail is to too many: refused whole, not taken for the first hundred. */
  readonly #overfull = new WeakSet<SMTPServerSession>();
  #bytesAtOnce = 0;

  constructor(options: SmtpListenerOptions) {
    this.#options = options;
    this.#limiter = new WindowLimiter({ limit: MAILS_A_MINUTE, clock: options.clock });
    this.#server = new SMTPServer({
      ...(options.certificate ?? { hideSTARTTLS: true }),
      banner: 'Bailiwick',
      disabledCommands: options.certificate === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
      authOptional: true,
      disableReverseLookup: true,
      size: options.maxBytes,
      maxClients: MAX_CLIENTS,
      socketTimeout: 120_000,
      logger: false,
      onConnect: (session, done) => void answer(this.#connected(session), done),
      onMailFrom: (_address, session, done) => void answer(this.#begin(session), done),
      onRcptTo: (address, session, done) => void answer(this.#recipient(address, session), done),
      onData: (stream, session, done) => void answer(this.#data(stream, session), done),
    });
    this.#server.on('error', (error: Error) => options.log.warn({ err: error }, 'SMTP listener'));
  }

  /** Listens; answers the port. Rejects where the port is taken. */
  async start(): Promise<number> {
    const listening = this.#server.listen(this.#options.port, this.#options.host);
    await once(listening, 'listening');
    const address = listening.address();
    return typeof address === 'object' && address !== null ? address.port : this.#options.port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #connected({ remoteAddress }: SMTPServerSession): Promise<void> {
    if (this.#options.relays.some((relay) => isInNetwork(remoteAddress, relay))) return;
    throw new SmtpRefusal(554, '5.7.1 This listener takes mail from its relay only.');
  }

  async #begin(session: SMTPServerSession): Promise<void> {
    try {
      this.#limiter.take(session.remoteAddress);
    } catch (error) {
      if (error instanceof RateLimitedError) throw new SmtpRefusal(450, `4.7.1 ${error.message}`);
      throw error;
    }
    this.#routes.set(session, new Map());
    this.#overfull.delete(session);
  }

  async #recipient({ address }: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    const routes = this.#routes.get(session) ?? new Map<string, MailRoute>();
    if (routes.size >= MAX_RECIPIENTS) {
      this.#overfull.add(session);
      throw new SmtpRefusal(550, `5.5.3 At most ${MAX_RECIPIENTS} recipients.`);
    }
    const { needs } = this.#options;
    const route = await this.#orLater(async () => {
      for (const candidate of candidatesOf(address)) {
        const found = await needs.findRoute('mailbox', candidate);
        if (found !== null) return found;
      }
      return null;
    });
    if (route === null) throw new SmtpRefusal(550, '5.1.1 There is no such mailbox here.');
    const state = await this.#orLater(() => needs.mailboxState(makeMailScope(route.mspId), mailboxOf(route)));
    if (state === 'paused') throw new SmtpRefusal(450, '4.2.1 The mailbox is paused; keep the mail.');
    routes.set(address, route);
    this.#routes.set(session, routes);
  }

  async #data(stream: Readable, session: SMTPServerSession): Promise<string> {
    const { raw, release } = await this.#receive(stream);
    try {
      if (this.#overfull.has(session)) throw new SmtpRefusal(554, `5.5.3 At most ${MAX_RECIPIENTS} recipients.`);
      if (raw === null) throw new SmtpRefusal(552, `5.3.4 At most ${this.#options.maxBytes / 1024 / 1024} MB.`);
      await this.#store(raw, session);
      return '2.6.0 The mail is stored.';
    } finally {
      release();
    }
  }

  async #receive(stream: Readable): Promise<{ raw: Buffer | null; release: () => void }> {
    const chunks: Buffer[] = [];
    let size = 0;
    let isTooMuch = false;
    const release = (): void => void (this.#bytesAtOnce -= Math.min(size, this.#options.maxBytes + 1));
    try {
      // Read to its end in any case: the next command stands behind it.
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        if (size > this.#options.maxBytes || isTooMuch) continue;
        isTooMuch = this.#bytesAtOnce + chunk.byteLength > MAX_BYTES_AT_ONCE;
        if (isTooMuch) continue;
        const counted = Math.min(chunk.byteLength, this.#options.maxBytes + 1 - size);
        size += counted;
        this.#bytesAtOnce += counted;
        if (size <= this.#options.maxBytes) chunks.push(chunk);
        else chunks.length = 0;
      }
    } catch (error) {
      release();
      throw error;
    }
    if (isTooMuch) {
      release();
      throw new SmtpRefusal(452, '4.3.1 Too much arrives at once; try again.');
    }
    return { raw: size > this.#options.maxBytes ? null : Buffer.concat(chunks), release };
  }

  /** One row for each mailbox. Where one fails the relay sends it to all again, and those that have it keep it once. */
  async #store(raw: Buffer, session: SMTPServerSession): Promise<void> {
    const byMailbox = Map.groupBy(this.#routes.get(session) ?? [], ([, route]) => route.subjectId);
    for (const recipients of byMailbox.values()) {
      const route = recipients[0]?.[1];
      if (route === undefined) continue;
      await this.#orLater(() =>
        this.#options.needs.takeMail(makeMailScope(route.mspId), {
          mailboxId: mailboxOf(route),
          raw,
          envelope: {
            from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address,
            to: recipients.map(([address]) => address),
            relay: session.remoteAddress,
          },
        }),
      );
    }
  }

  /** Whatever goes wrong here passes: the relay is to keep the mail. */
  async #orLater<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'mail could not be taken');
      throw new SmtpRefusal(451, '4.3.0 This cannot be stored just now; try again.');
    }
  }
}

async function answer<Result>(
  work: Promise<Result>,
  done: (error: Error | null | undefined, message?: string) => void,
): Promise<void> {
  let text: string | undefined;
  try {
    const result = await work;
    if (typeof result === 'string') text = result;
  } catch (error) {
    done(error instanceof SmtpRefusal ? error : new SmtpRefusal(451, '4.3.0 Try again.'));
    return;
  }
  done(null, text);
}

/** The address itself, and without its `+tag`, in which a reply's token travels. */
function candidatesOf(address: string): string[] {
  const plain = address.toLowerCase();
  const at = plain.lastIndexOf('@');
  const plus = plain.indexOf('+');
  return plus > 0 && plus < at ? [plain, plain.slice(0, plus) + plain.slice(at)] : [plain];
}

function mailboxOf(route: MailRoute): Id<'mail-mailbox'> {
  return route.subjectId as Id<'mail-mailbox'>;
}
