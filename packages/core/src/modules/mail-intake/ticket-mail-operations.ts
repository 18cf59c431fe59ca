import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { addWatcherInput, watcherInput, type ChooseWatchers } from './choose-watchers.ts';
import { CHOOSE_WATCHERS, READ_MAIL } from './mail-intake-policy.ts';
import type { TicketMailQueries } from './ticket-mail-queries.ts';
import { ticketMailsView } from './ticket-mail-view.ts';

interface Needs {
  readonly mails: TicketMailQueries;
  readonly watchers: ChooseWatchers;
}

const ticket = z.object({ ticketId: idSchema('ticket') });

/** The mails of a ticket, and who reads along. */
export function ticketMailOperations({ mails, watchers }: Needs) {
  return {
    getTicketMail: defineQuery({
      name: 'mail-intake.get-ticket-mail',
      permission: READ_MAIL,
      input: ticket,
      output: ticketMailsView,
      rest: {
        method: 'GET',
        path: '/tickets/{ticketId}/mail',
        summary: 'A ticket’s mails, what became of them, and who reads along',
      },
      run: (scope, input) => mails.get(scope, input.ticketId),
    }),
    addWatcher: defineCommand({
      name: 'mail-intake.add-watcher',
      permission: CHOOSE_WATCHERS,
      input: addWatcherInput,
      output: ticket,
      rest: { method: 'POST', path: '/tickets/{ticketId}/watchers', summary: 'Let somebody read along' },
      run: (scope, input) => watchers.add(scope, input),
    }),
    removeWatcher: defineCommand({
      name: 'mail-intake.remove-watcher',
      permission: CHOOSE_WATCHERS,
      input: watcherInput,
      output: ticket,
      rest: {
        method: 'DELETE',
        path: '/tickets/{ticketId}/watchers/{address}',
        summary: 'Let somebody no longer read along',
      },
      run: (scope, input) => watchers.remove(scope, input),
    }),
    tryAddressAgain: defineCommand({
      name: 'mail-intake.try-address-again',
      permission: CHOOSE_WATCHERS,
      input: watcherInput,
      output: ticket,
      rest: {
        method: 'POST',
        path: '/tickets/{ticketId}/undeliverable/{address}/try-again',
        summary: 'Mail an address again that was not reached',
      },
      run: (scope, input) => watchers.tryAddressAgain(scope, input),
    }),
  };
}
