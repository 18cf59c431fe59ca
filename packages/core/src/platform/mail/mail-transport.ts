import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { isUuid } from '#kernel/id';

/** A mail as bytes, with the envelope that decides who gets it. */
export interface ComposedMail {
  readonly mspId: string;
  readonly mailId: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
}

/** Why a mail was not taken, and whether trying again can help. */
export class MailRefusal extends Error {
  override readonly name = 'MailRefusal';
  readonly isPermanent: boolean;

  constructor(message: string, options: { isPermanent: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.isPermanent = options.isPermanent;
  }
}

/** Hands a mail on. Resolves once the other side has it for good; throws `MailRefusal`. */
export interface MailTransport {
  readonly kind: 'smtp' | 'folder';
  deliver(mail: ComposedMail): Promise<void>;
}

const CONNECT_MS = 15_000;
const SEND_MS = 60_000;

/** Delivers to a mail server. TLS is used where the server offers it; certificates are checked. */
export class SmtpTransport implements MailTransport {
  readonly kind = 'smtp';
  readonly #transport: ReturnType<typeof createTransport>;

  constructor(options: { url: string }) {
    const url = new URL(options.url);
    const isTls = url.protocol === 'smtps:';
    this.#transport = createTransport({
      host: url.hostname,
      port: url.port === '' ? (isTls ? 465 : 587) : Number(url.port),
      secure: isTls,
      ...(url.username === ''
        ? {}
        : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SEND_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async deliver(mail: ComposedMail): Promise<void> {
    try {
      await this.#transport.sendMail({ envelope: { from: mail.from, to: [...mail.to] }, raw: mail.raw });
    } catch (error) {
      const code = (error as { responseCode?: number }).responseCode ?? 0;
      // RFC 5321 §4.2.1: 5yz is permanent. Refused sign-in (535) is our setting, which an administrator can mend meanwhile.
      const isPermanent = code >= 500 && code < 600 && code !== 535 && code !== 530;
      throw new MailRefusal(error instanceof Error ? error.message : String(error), { isPermanent, cause: error });
    }
  }
}

/** Where no mail server is set: each mail becomes `<folder>/<MSP>/<mail>.eml`, which the console shows. */
export class FolderTransport implements MailTransport {
  readonly kind = 'folder';
  readonly #folder: string;

  constructor(options: { folder: string }) {
    this.#folder = options.folder;
  }

  async deliver(mail: ComposedMail): Promise<void> {
    const path = this.#pathOf(mail.mspId, mail.mailId);
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    const partial = `${path}.part`;
    const file = await open(partial, 'w', 0o600);
    try {
      await file.writeFile(mail.raw);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  }

  #pathOf(mspId: string, mailId: string): string {
    if (!isUuid(mspId) || !isUuid(mailId)) throw new TypeError('A mail’s file is named by ids only.');
    return join(this.#folder, mspId, `${mailId}.eml`);
  }
}
