import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { newId, type Id } from '#kernel/id';
import { idSchema } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { defineJob, type JobQueue } from '#platform/jobs/job-queue';
import { assertSendable, type Mail } from './mail.ts';
import type { MailId, MailTables } from './mail-table.ts';

/** Delivers one mail of the outbox. */
export const deliverMail = defineJob({
  name: 'outbox.deliver-mail',
  payload: z.object({ mailId: idSchema('mail-outbox') }),
  isAwaited: true,
});

/**
 * Sends mail, durably: the mail is a row that is written in the caller's transaction, and a job delivers it afterwards, with retries. No commit, no mail; a
 * commit, exactly one row of mail, whose `Message-ID` stays the same over all tries.
 */
export class Mailer {
  readonly #jobs: JobQueue;
  readonly #clock: Clock;
  readonly #domain: string;

  constructor(deps: { jobs: JobQueue; clock: Clock; from: string }) {
    this.#jobs = deps.jobs;
    this.#clock = deps.clock;
    this.#domain = deps.from.split('@').at(-1) ?? 'localhost';
  }

  /**
   * Writes the mail to the outbox. The scope must be staff's or the system's: a contact's action mails from an event handler. Throws `mail.refused`, which
   * names the field.
   */
  async send(tx: AnyTransaction, mail: Mail): Promise<{ mailId: MailId; messageId: string }> {
    assertSendable(mail);
    const { query, scope } = tx.typed<MailTables>();
    const id: MailId = newId();
    const domain = mail.from?.split('@').at(-1) ?? this.#domain;
    const messageId = `<${id}${mail.threadToken === undefined ? '' : `.${mail.threadToken}`}@${domain}>`;
    const now = this.#clock.now();
    await query
      .insertInto('mail_outbox')
      .values({
        msp_id: scope.mspId,
        id,
        client_id: mail.clientId,
        purpose: mail.purpose,
        state: 'queued',
        message_id: messageId,
        recipients: JSON.stringify(mail.to),
        from_name: mail.fromName,
        from_address: mail.from ?? null,
        auto_submitted: mail.autoSubmitted ?? 'auto-generated',
        reply_to: mail.replyTo ?? null,
        subject: mail.subject,
        body_text: mail.text,
        body_html: mail.html ?? null,
        in_reply_to: mail.inReplyTo ?? null,
        reference_ids: [...(mail.references ?? [])],
        is_secret: mail.isSecret ?? false,
        leased_until: null,
        next_attempt_at: now,
        last_error: null,
        delivered_by: null,
        created_at: now,
        sent_at: null,
      })
      .execute();
    for (const [place, attachment] of (mail.attachments ?? []).entries()) {
      const attachmentId: Id<'mail-attachment'> = newId();
      await query
        .insertInto('mail_attachment')
        .values({
          msp_id: scope.mspId,
          id: attachmentId,
          client_id: mail.clientId,
          mail_id: id,
          place,
          file_name: attachment.fileName,
          content_type: attachment.contentType,
          size_bytes: attachment.content.byteLength,
          content: Buffer.from(attachment.content),
          content_id: attachment.contentId ?? null,
        })
        .execute();
    }
    await this.#jobs.send(tx, deliverMail, { mailId: id });
    return { mailId: id, messageId };
  }
}
