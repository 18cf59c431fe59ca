import MailComposer from 'nodemailer/lib/mail-composer';
import type { Selectable } from 'kysely';
import type { MailTables } from './mail-table.ts';

/** A row of the outbox as RFC 5322 text. The same row gives the same headers each time: date and `Message-ID` are the row's. */
export async function composeMail(
  mail: Selectable<MailTables['mail_outbox']>,
  attachments: readonly Selectable<MailTables['mail_attachment']>[],
  from: string,
): Promise<Buffer> {
  const composer = new MailComposer({
    from: { name: mail.from_name, address: mail.from_address ?? from },
    to: recipients(mail, false),
    ...(mail.recipients.some(({ isCopy }) => isCopy === true) ? { cc: recipients(mail, true) } : {}),
    ...(mail.reply_to === null ? {} : { replyTo: mail.reply_to }),
    subject: mail.subject,
    messageId: mail.message_id,
    date: mail.created_at.toString(),
    ...(mail.in_reply_to === null ? {} : { inReplyTo: mail.in_reply_to }),
    ...(mail.reference_ids.length === 0 ? {} : { references: [...mail.reference_ids] }),
    text: mail.body_text,
    ...(mail.body_html === null ? {} : { html: mail.body_html }),
    // RFC 3834: keeps out-of-office answers from answering us. What a person wrote is answered as such.
    headers:
      mail.auto_submitted === 'no'
        ? {}
        : { 'Auto-Submitted': mail.auto_submitted, 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
    attachments: attachments.map((attachment) => ({
      filename: attachment.file_name,
      contentType: attachment.content_type,
      content: attachment.content,
      ...(attachment.content_id === null
        ? { contentDisposition: 'attachment' as const }
        : { cid: attachment.content_id, contentDisposition: 'inline' as const }),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

function recipients(mail: Selectable<MailTables['mail_outbox']>, isCopy: boolean) {
  return mail.recipients
    .filter((one) => (one.isCopy ?? false) === isCopy)
    .map(({ name, address }) => (name === undefined ? address : { name, address }));
}
