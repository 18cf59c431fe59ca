import { z } from 'zod';
import { defineCommand, defineDownload, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { getMailInput, listMailsInput, type MailQueries } from './mail-queries.ts';
import { mailIdSchema, mailSummaryView, mailView } from './mail-view.ts';
import { retryMailInput, type RetryMail } from './retry-mail.ts';

interface Needs {
  readonly mails: MailQueries;
  readonly retryMail: RetryMail;
}

/** What the outside may ask of this module. */
export function outboxOperations({ mails, retryMail }: Needs) {
  return {
    listMails: defineQuery({
      name: 'outbox.list-mails',
      permission: 'outbox.read-mail',
      input: listMailsInput,
      output: pageOf(mailSummaryView),
      rest: { method: 'GET', path: '/mails', summary: 'Mails that were sent or are on their way, newest first' },
      run: (scope, input) => mails.list(scope, input),
    }),
    getMail: defineQuery({
      name: 'outbox.get-mail',
      permission: 'outbox.read-mail',
      input: getMailInput,
      output: mailView,
      rest: { method: 'GET', path: '/mails/{mailId}', summary: 'One mail with its text' },
      run: (scope, input) => mails.get(scope, input.mailId),
    }),
    downloadMail: defineDownload({
      name: 'outbox.download-mail',
      permission: 'outbox.read-mail',
      input: getMailInput,
      rest: { method: 'GET', path: '/mails/{mailId}/eml', summary: 'One mail as an .eml file' },
      run: (scope, input) => mails.download(scope, input.mailId),
    }),
    retryMail: defineCommand({
      name: 'outbox.retry-mail',
      permission: 'outbox.retry-mail',
      input: retryMailInput,
      output: z.object({ mailId: mailIdSchema }),
      rest: { method: 'POST', path: '/mails/{mailId}/retry', summary: 'Send a failed mail again' },
      run: (scope, input) => retryMail.run(scope, input),
    }),
    getDelivery: defineQuery({
      name: 'outbox.get-delivery',
      permission: 'outbox.read-mail',
      input: z.object({}),
      output: z.object({ kind: z.enum(['smtp', 'folder']), from: z.string() }),
      run: async () => mails.delivery(),
    }),
  };
}
