import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineDownload, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { inboundMailIdSchema } from '#modules/mail-inbox';
import { PLACE_MAIL, READ_MAIL } from './mail-intake-policy.ts';
import { listQuarantineInput, quarantinedInput, type QuarantineQueries } from './quarantine-queries.ts';
import { quarantinedDetailView, quarantinedView } from './quarantine-view.ts';
import { discardMailInput, openFromMailInput, placeOnTicketInput, type SettleQuarantine } from './settle-quarantine.ts';

interface Needs {
  readonly quarantine: QuarantineQueries;
  readonly settle: SettleQuarantine;
}

const mailId = z.object({ mailId: inboundMailIdSchema });

/** Mails that wait for a person. */
export function quarantineOperations({ quarantine, settle }: Needs) {
  return {
    listQuarantine: defineQuery({
      name: 'mail-intake.list-quarantine',
      permission: PLACE_MAIL,
      input: listQuarantineInput,
      output: pageOf(quarantinedView),
      rest: {
        method: 'GET',
        path: '/quarantined-mails',
        summary: 'Mails that wait for somebody to place them, newest first',
      },
      run: (scope, input) => quarantine.list(scope, input),
    }),
    countQuarantine: defineQuery({
      name: 'mail-intake.count-quarantine',
      permission: PLACE_MAIL,
      input: z.object({}),
      output: z.object({ waiting: z.int() }),
      run: (scope) => quarantine.count(scope),
    }),
    getQuarantined: defineQuery({
      name: 'mail-intake.get-quarantined',
      permission: PLACE_MAIL,
      input: quarantinedInput,
      output: quarantinedDetailView,
      rest: {
        method: 'GET',
        path: '/quarantined-mails/{mailId}',
        summary: 'One such mail, with its text and why it waits',
      },
      run: (scope, input) => quarantine.get(scope, input.mailId),
    }),
    placeOnTicket: defineCommand({
      name: 'mail-intake.place-on-ticket',
      permission: PLACE_MAIL,
      input: placeOnTicketInput,
      output: z.object({ ticketId: idSchema('ticket') }),
      rest: { method: 'POST', path: '/quarantined-mails/{mailId}/place', summary: 'Put the mail onto a ticket' },
      run: (scope, input) => settle.placeOnTicket(scope, input),
    }),
    openFromMail: defineCommand({
      name: 'mail-intake.open-from-mail',
      permission: PLACE_MAIL,
      input: openFromMailInput,
      output: z.object({ ticketId: idSchema('ticket'), number: z.int() }),
      rest: { method: 'POST', path: '/quarantined-mails/{mailId}/open-ticket', summary: 'Make a ticket of the mail' },
      run: (scope, input) => settle.openTicket(scope, input),
    }),
    discardMail: defineCommand({
      name: 'mail-intake.discard-mail',
      permission: PLACE_MAIL,
      input: discardMailInput,
      output: mailId,
      rest: { method: 'POST', path: '/quarantined-mails/{mailId}/discard', summary: 'Lay the mail aside' },
      run: (scope, input) => settle.discard(scope, input),
    }),
    restoreMail: defineCommand({
      name: 'mail-intake.restore-mail',
      permission: PLACE_MAIL,
      input: quarantinedInput,
      output: mailId,
      rest: { method: 'POST', path: '/quarantined-mails/{mailId}/restore', summary: 'Take a discarded mail back' },
      run: (scope, input) => settle.restore(scope, input.mailId),
    }),
    downloadRawMail: defineDownload({
      name: 'mail-intake.download-raw-mail',
      permission: READ_MAIL,
      input: quarantinedInput,
      rest: { method: 'GET', path: '/inbound-mails/{mailId}/eml', summary: 'A mail as it came, with its headers' },
      run: (scope, input) => quarantine.download(scope, input.mailId),
    }),
  };
}
