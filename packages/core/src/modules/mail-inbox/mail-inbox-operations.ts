import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import type { ChangeMailboxState } from './change-mailbox-state.ts';
import { checkMailboxInput, checkMailboxView, type CheckMailbox } from './check-mailbox.ts';
import { mailKeepingView, setMailKeepingInput, type MailKeeping } from './mail-keeping.ts';
import { mailboxIdSchema } from './mail-inbox-table.ts';
import { createMailboxInput, mailboxVersionInput, updateMailboxInput } from './mailbox-input.ts';
import type { MailboxQueries } from './mailbox-queries.ts';
import { mailboxView } from './mailbox-view.ts';
import type { SaveMailbox } from './save-mailbox.ts';

interface Needs {
  readonly mailboxes: MailboxQueries;
  readonly save: SaveMailbox;
  readonly check: CheckMailbox;
  readonly changeState: ChangeMailboxState;
  readonly keeping: MailKeeping;
}

const READ = 'mail-inbox.read-mailboxes';
const MANAGE = 'mail-inbox.manage-mailboxes';
const versioned = z.object({ version: z.int() });

/** What the outside may ask about mailboxes. */
export function mailInboxOperations({ mailboxes, save, check, changeState, keeping }: Needs) {
  return {
    listMailboxes: defineQuery({
      name: 'mail-inbox.list-mailboxes',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(mailboxView) }),
      rest: { method: 'GET', path: '/mailboxes', summary: 'Mailboxes that mail comes in by, and how they are' },
      run: async (scope) => ({ items: await mailboxes.list(scope) }),
    }),
    createMailbox: defineCommand({
      name: 'mail-inbox.create-mailbox',
      permission: MANAGE,
      input: createMailboxInput,
      output: z.object({ mailboxId: mailboxIdSchema }),
      rest: { method: 'POST', path: '/mailboxes', summary: 'Connect a mailbox' },
      run: (scope, input) => save.create(scope, input),
    }),
    updateMailbox: defineCommand({
      name: 'mail-inbox.update-mailbox',
      permission: MANAGE,
      input: updateMailboxInput,
      output: versioned,
      rest: { method: 'PUT', path: '/mailboxes/{mailboxId}', summary: 'Change how a mailbox is connected' },
      run: (scope, input) => save.update(scope, input),
    }),
    checkMailbox: defineCommand({
      name: 'mail-inbox.check-mailbox',
      permission: MANAGE,
      input: checkMailboxInput,
      output: checkMailboxView,
      rest: { method: 'POST', path: '/mailbox-checks', summary: 'Try a mailbox and say what is wrong' },
      run: (scope, input) => check.run(scope, input),
    }),
    pauseMailbox: defineCommand({
      name: 'mail-inbox.pause-mailbox',
      permission: MANAGE,
      input: mailboxVersionInput,
      output: versioned,
      rest: { method: 'POST', path: '/mailboxes/{mailboxId}/pause', summary: 'Fetch nothing from a mailbox for now' },
      run: (scope, input) => changeState.run(scope, input, 'paused'),
    }),
    resumeMailbox: defineCommand({
      name: 'mail-inbox.resume-mailbox',
      permission: MANAGE,
      input: mailboxVersionInput,
      output: versioned,
      rest: { method: 'POST', path: '/mailboxes/{mailboxId}/resume', summary: 'Fetch from a paused mailbox again' },
      run: (scope, input) => changeState.run(scope, input, 'active'),
    }),
    removeMailbox: defineCommand({
      name: 'mail-inbox.remove-mailbox',
      permission: MANAGE,
      input: mailboxVersionInput,
      output: versioned,
      rest: { method: 'POST', path: '/mailboxes/{mailboxId}/removal', summary: 'Disconnect a mailbox for good' },
      run: (scope, input) => changeState.run(scope, input, 'removed'),
    }),
    getMailKeeping: defineQuery({
      name: 'mail-inbox.get-mail-keeping',
      permission: READ,
      input: z.object({}),
      output: mailKeepingView,
      rest: { method: 'GET', path: '/mail-keeping', summary: 'For how long raw mails are kept' },
      run: (scope) => keeping.get(scope),
    }),
    setMailKeeping: defineCommand({
      name: 'mail-inbox.set-mail-keeping',
      permission: MANAGE,
      input: setMailKeepingInput,
      output: versioned,
      rest: { method: 'PUT', path: '/mail-keeping', summary: 'Choose for how long raw mails are kept' },
      run: (scope, input) => keeping.set(scope, input),
    }),
  };
}
