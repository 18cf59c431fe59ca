import { sql } from 'kysely';
import { z } from 'zod';
import { ForbiddenError, NotFoundError } from '#kernel/errors';
import { clientIdSchema } from '#kernel/id';
import type { Download } from '#kernel/operation';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { composeMail } from '#platform/mail/compose-mail';
import { MAIL_STATES, type MailId, type MailTables } from '#platform/mail/mail-table';
import type { MailTransport } from '#platform/mail/mail-transport';
import { mailIdSchema, toMailSummary, type MailRow, type MailSummaryView, type MailView } from './mail-view.ts';
import { READ_SIGN_IN_MAIL } from './outbox-policy.ts';

export const listMailsInput = z.object({
  ...pageInput,
  states: z.array(z.enum(MAIL_STATES)).optional(),
  clientId: clientIdSchema.optional(),
});
export const getMailInput = z.object({ mailId: mailIdSchema });

interface Deps {
  readonly db: ScopedDb;
  readonly transport: MailTransport;
  readonly from: string;
}

/** Reads the outbox. */
export class MailQueries {
  readonly #db: ScopedDb<MailTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MailTables>();
    this.#deps = deps;
  }

  /** How mail leaves: by a server, or into a folder because none is set. */
  delivery(): { kind: 'smtp' | 'folder'; from: string } {
    return { kind: this.#deps.transport.kind, from: this.#deps.from };
  }

  /** Mails, newest first. */
  async list(scope: TenantScope, input: z.output<typeof listMailsInput>): Promise<Page<MailSummaryView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 1);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('mail_outbox').selectAll();
      if (input.states !== undefined) list = list.where('state', '=', sql<never>`any(${input.states}::text[])`);
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (after !== null) list = list.where(sql<boolean>`id < ${after[0]}::uuid`);
      return list.orderBy('id', 'desc').limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toMailSummary, (row) => [row.id]);
  }

  /** One mail with its text. Throws `outbox.mail-not-found`. */
  async get(scope: TenantScope, mailId: MailId): Promise<MailView> {
    const mail = await this.#mail(scope, mailId);
    const attachments = await this.#db.read(scope, (query) =>
      query
        .selectFrom('mail_attachment')
        .select(['file_name', 'content_type', 'size_bytes'])
        .where('mail_id', '=', mailId)
        .orderBy('place'),
    );
    const withheld = mail.is_erased ? 'erased' : this.#mayRead(scope, mail) ? null : 'sign-in';
    return {
      ...toMailSummary(mail),
      messageId: mail.message_id,
      fromName: mail.from_name,
      replyTo: mail.reply_to,
      text: withheld === null ? mail.body_text : null,
      withheld,
      attachments: attachments.map((attachment) => ({
        fileName: attachment.file_name,
        contentType: attachment.content_type,
        sizeBytes: attachment.size_bytes,
      })),
    };
  }

  /** The mail as an `.eml` file. Throws `outbox.mail-withheld` for what the reader may not read. */
  async download(scope: TenantScope, mailId: MailId): Promise<Download> {
    const mail = await this.#mail(scope, mailId);
    if (mail.is_erased || !this.#mayRead(scope, mail))
      throw new ForbiddenError('outbox.mail-withheld', 'This mail lets its reader sign in, and is not shown.');
    const attachments = await this.#db.read(scope, (query) =>
      query.selectFrom('mail_attachment').selectAll().where('mail_id', '=', mailId).orderBy('place'),
    );
    const raw = await composeMail(mail, attachments, this.#deps.from);
    return {
      fileName: `${mailId}.eml`,
      contentType: 'message/rfc822',
      body: new Uint8Array(raw),
      disposition: 'attachment',
    };
  }

  async #mail(scope: TenantScope, mailId: MailId): Promise<MailRow> {
    const mail = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('mail_outbox').selectAll().where('id', '=', mailId),
    );
    if (mail === undefined) throw new NotFoundError('outbox.mail-not-found', 'There is no such mail.');
    return mail;
  }

  /** A mail that signs its reader in is for its reader, unless there is no server that could take it there. */
  #mayRead(scope: TenantScope, mail: MailRow): boolean {
    if (!mail.is_secret) return true;
    return this.#deps.transport.kind === 'folder' && scope.permissions.has(READ_SIGN_IN_MAIL);
  }
}
